import { afterAll, beforeAll, expect, test } from 'bun:test'
import { cp, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { buildRelease, targetsOf } from '../../src/build/executable.ts'
import { besideTheSources, freshFolder, run } from '../support/program.ts'

const executables = [
  'kontuar-linux-x64',
  'kontuar-linux-arm64',
  'kontuar-linux-x64-musl',
  'kontuar-darwin-arm64',
  'kontuar-windows-x64.exe',
]

let release: Awaited<ReturnType<typeof freshFolder>>

beforeAll(async () => {
  release = await freshFolder()
  await buildRelease(release.path, targetsOf(['--target', 'all']))
}, 300_000)

afterAll(() => release[Symbol.asyncDispose]())

test('without a target the build is for this machine, with it for that one, and for nothing unknown', () => {
  expect(targetsOf([])).toEqual([])
  expect(targetsOf(['--target', 'linux-arm64'])).toEqual(['linux-arm64'])
  expect(targetsOf(['--target', 'all'])).toEqual([
    'linux-x64',
    'linux-arm64',
    'linux-x64-musl',
    'darwin-arm64',
    'windows-x64',
  ])
  for (const args of [['--target'], ['--target', 'amiga'], ['linux-x64'], ['--target', 'all', 'more']]) {
    expect(() => targetsOf(args)).toThrow('--target linux-x64|')
  }
})

test('SHA256SUMS names every file of the release but itself, and sha256sum finds it right', async () => {
  const sums = await Bun.file(join(release.path, 'SHA256SUMS')).text()
  const named = sums
    .trimEnd()
    .split('\n')
    .map((line) => String(line.split('  ')[1]))
  expect([...named, 'SHA256SUMS'].toSorted()).toEqual((await readdir(release.path)).toSorted())
  const check = () => run(['/usr/bin/sha256sum'], ['--check', '--strict', 'SHA256SUMS'], { cwd: release.path })
  expect(await check()).toMatchObject({ code: 0, stdout: expect.stringContaining('kontuar-linux-x64: OK') })
  await using spoilt = await freshFolder()
  for (const name of named) await Bun.write(join(spoilt.path, name), 'another')
  await Bun.write(join(spoilt.path, 'SHA256SUMS'), sums)
  expect((await run(['/usr/bin/sha256sum'], ['--check', 'SHA256SUMS'], { cwd: spoilt.path })).code).toBe(1)
})

// What is built from, and nothing else: whatever a build takes from elsewhere fails here.
const sources = ['src', 'views', 'public', 'migrations', 'package.json', 'tsconfig.json', 'bunfig.toml', 'bun.lock']

async function copySources(to: string): Promise<void> {
  const root = join(import.meta.dir, '../..')
  const bill = (await Bun.file(join(release.path, 'kontuar.cdx.json')).json()) as {
    components: { group?: string; name: string }[]
  }
  const packages = bill.components.map(({ group, name }) => (group ? `${group}/${name}` : name))
  const paths = packages.map((name) => `node_modules/${name}${name === 'bun' ? '/package.json' : ''}`)
  const withoutBuilt = { recursive: true, filter: (path: string) => path !== join(root, 'public/build') }
  for (const path of [...sources, ...paths]) await cp(join(root, path), join(to, path), withoutBuilt)
}

test('a second build of the same sources, elsewhere and with nothing but them, is the same byte for byte', async () => {
  await using elsewhere = await freshFolder(besideTheSources)
  const folder = join(elsewhere.path, 'a deeper/folder of another name')
  await copySources(folder)
  const build = [process.execPath, join(folder, 'src/build/executable.ts')]
  // The runtimes of the other targets need not be fetched again.
  const fetched = await run([process.execPath, 'pm', 'cache'], [], { env: process.env as Record<string, string> })
  const env = {
    ...{ TZ: 'Asia/Tokyo', LANG: 'pl_PL.UTF-8', HOME: elsewhere.path, PATH: '/usr/bin:/bin' },
    BUN_INSTALL_CACHE_DIR: fetched.stdout.trim(),
  }
  const { code, stdout, stderr } = await run(build, ['--target', 'all'], { cwd: elsewhere.path, env })
  expect([code, stderr]).toEqual([0, ''])
  expect(stdout.replaceAll(/\d+\.\d MB/g, 'N MB')).toBe(
    executables.map((name) => `${join(folder, 'dist', name)}  N MB\n`).join(''),
  )
  expect((await readdir(join(folder, 'dist'))).toSorted()).toEqual((await readdir(release.path)).toSorted())
  for (const name of await readdir(release.path)) {
    const compared = await run(['/usr/bin/cmp'], [join(release.path, name), join(folder, 'dist', name)])
    expect(compared).toEqual({ code: 0, stdout: '', stderr: '' })
  }
}, 300_000)

test('each executable is of the format, for the processor and with the loader that its name says', async () => {
  expect(await Promise.all(executables.map(formatOf))).toEqual([
    { format: 'ELF', machine: 'x64', loader: '/lib64/ld-linux-x86-64.so.2' },
    { format: 'ELF', machine: 'arm64', loader: '/lib/ld-linux-aarch64.so.1' },
    { format: 'ELF', machine: 'x64', loader: '/lib/ld-musl-x86_64.so.1' },
    { format: 'Mach-O', machine: 'arm64', loader: '/usr/lib/dyld' },
    { format: 'PE', machine: 'x64', loader: null },
  ])
})

async function formatOf(name: string) {
  const head = Buffer.from(
    await Bun.file(join(release.path, name))
      .slice(0, 1 << 16)
      .arrayBuffer(),
  )
  const loader = /\/(?:usr\/)?lib(?:64)?\/(?:ld-[\w.-]+|dyld)/.exec(head.toString('latin1'))?.[0] ?? null
  if (head.readUInt32BE(0) === 0x7f454c46) return { format: 'ELF', machine: elfMachines[head.readUInt16LE(18)], loader }
  if (head.readUInt32LE(0) === 0xfeedfacf) {
    const [machine, type] = [head.readUInt32LE(4), head.readUInt32LE(12)]
    return { format: type === 2 ? 'Mach-O' : 'no Mach-O program', machine: machOMachines[machine], loader }
  }
  const signature = head.readUInt32LE(0x3c)
  const isPe = head.toString('latin1', 0, 2) === 'MZ' && head.readUInt32BE(signature) === 0x50450000
  return { format: isPe ? 'PE' : 'unknown', machine: peMachines[head.readUInt16LE(signature + 4)], loader }
}

// e_machine of ELF, cputype of Mach-O and Machine of PE.
const elfMachines: Record<number, string> = { 0x3e: 'x64', 0xb7: 'arm64' }
const machOMachines: Record<number, string> = { 0x0100000c: 'arm64' }
const peMachines: Record<number, string> = { 0x8664: 'x64' }
