import { expect } from 'bun:test'
import { join } from 'node:path'
import { holdConversation } from '../support/conversation.ts'
import { layOut, within } from '../support/empty-root.ts'
import { executable } from '../support/executable.ts'
import { freshFolder, type Program, run, startServing } from '../support/program.ts'
import { mayMount, testIf } from '../support/rights.ts'

const limitMs = 120_000
const has = (command: string): boolean => Bun.which(command) !== null
const emulator = (name: string): string => Bun.which(name) ?? name

testIf({ packages: has('qemu-x86_64') }, 'a CPU without AVX')(
  'linux-x64 serves on a CPU without AVX',
  async () => {
    // A processor of 2008.
    await talk([emulator('qemu-x86_64'), '-cpu', 'Nehalem', await executable('linux-x64')])
  },
  limitMs,
)

testIf({ packages: has('qemu-aarch64') }, 'linux-arm64')(
  'linux-arm64 serves, on an emulated machine',
  async () => {
    await talk([emulator('qemu-aarch64'), '-L', '/usr/aarch64-linux-gnu', await executable('linux-arm64')])
  },
  limitMs,
)

const musl = '/lib/ld-musl-x86_64.so.1'

testIf({ rights: mayMount, packages: await Bun.file(musl).exists() }, 'linux-x64-musl')(
  'linux-x64-musl serves in a root with musl and libstdc++ alone',
  async () => {
    await using root = await freshFolder()
    await using built = await freshFolder()
    const path = await executable('linux-x64-musl')
    const library = await libraryForMusl(path, built.path)
    await layOut(root.path, [
      [musl, musl],
      [library, '/lib/libstdc++.so.6'],
      [path, '/kontuar'],
    ])
    await talk(within(root.path, '/kontuar'), '/data')
  },
  limitMs,
)

async function talk(kontuar: Program, data?: string): Promise<void> {
  await using folder = await freshFolder()
  await using serving = await startServing(kontuar, ['--data', data ?? folder.path])
  await holdConversation(serving.url, serving.stdout)
  const { code, stderr } = await serving.end('SIGTERM')
  expect(code).toBe(0)
  expect(stderr).not.toMatch(/"level":"(warn|error)"/)
}

/**
 * Debian has musl, but no libstdc++ made for it: one is linked of the parts of Debian's static one that the executable
 * asks for, none of which depends on the C library it was compiled with.
 */
async function libraryForMusl(path: string, folder: string): Promise<string> {
  const missing = await run([musl], [path, 'version'])
  const symbols = [...missing.stderr.matchAll(/: (\w+): symbol not found/g)].map(([, name]) => `-Wl,-u,${name}`)
  expect(symbols.length).toBeGreaterThan(0)
  const library = join(folder, 'libstdc++.so.6')
  const made = await run(
    ['/usr/bin/env', 'gcc', '-shared', '-fPIC', '-nostdlib', '-Wl,-Bsymbolic', '-Wl,-soname,libstdc++.so.6'],
    [
      ...['-o', library, join(import.meta.dir, '../support/libstdc++-for-musl.c'), ...symbols],
      ...['-Wl,-Bstatic', '-lstdc++', '-lgcc_eh', '-lgcc'],
    ],
    { env: { PATH: '/usr/bin:/bin' } },
  )
  expect(made).toEqual({ code: 0, stdout: '', stderr: '' })
  return library
}
