import { expect } from 'bun:test'
import { readdir } from 'node:fs/promises'
import { found, holdConversation } from '../support/conversation.ts'
import { layOut, librariesOf, within } from '../support/empty-root.ts'
import { executable } from '../support/executable.ts'
import { freshFolder, run, startServing } from '../support/program.ts'
import { mayMount, testIf } from '../support/rights.ts'

const testInRoot = testIf({ rights: mayMount }, 'the executable in an empty root')

// What docs/operations.md says that it asks of the system.
const libraries = ['libc.so.6', 'libdl.so.2', 'libm.so.6', 'libpthread.so.0']

testInRoot('in a root with the C library and /proc alone, people talk, it stops, and comes back', async () => {
  await using root = await freshFolder()
  const path = await executable()
  const needed = await librariesOf(path)
  await layOut(root.path, [...needed.map((one): [string, string] => [one, one]), [path, '/kontuar']])
  expect(await everyFile(root.path)).toEqual(['kontuar', expect.stringMatching(/^ld-linux-/), ...libraries])
  const kontuar = within(root.path, '/kontuar')

  await using serving = await startServing(kontuar, ['--data', '/data'])
  const held = await holdConversation(serving.url, serving.stdout)
  const listed = await run(kontuar, ['user', 'list', '--json', '--data', '/data'])
  expect(JSON.parse(listed.stdout)).toMatchObject([{ name: 'Clara', role: 'owner' }])
  expect(await run(kontuar, ['healthcheck', '--port', new URL(serving.url).port])).toMatchObject({ code: 0 })
  const { code, stderr } = await serving.end('SIGTERM')
  expect(code).toBe(0)
  expect(stderr).not.toMatch(/"level":"(warn|error)"/)

  await using again = await startServing(kontuar, ['--data', '/data'])
  expect(await found(again.url, held)).toEqual(['visitor: Do you deliver today?', 'agent: Until eight.'])
  await again.end('SIGKILL')
  await using checked = await startServing(kontuar, ['--data', '/data'])
  await checked.logged('the database is sound')
  expect(await checked.end('SIGTERM')).toMatchObject({ code: 0 })
  expect((await readdir(root.path)).toSorted()).toEqual(['data', 'kontuar', 'lib', 'lib64', 'proc'])
})

testIf({ packages: Bun.which('readelf') !== null }, 'the age of the C library')(
  'the C library may be that of 2012',
  async () => {
    const read = await run(['/usr/bin/env', 'readelf', '--wide', '--version-info', await executable()], [], {
      env: { PATH: '/usr/bin:/bin' },
    })
    const versions = [...read.stdout.matchAll(/GLIBC_(\d+)\.(\d+)/g)].map(([, major, minor]) => [
      Number(major),
      Number(minor),
    ])
    expect(versions.length).toBeGreaterThan(0)
    expect(versions.filter(([major = 0, minor = 0]) => major !== 2 || minor > 17)).toEqual([])
  },
)

async function everyFile(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
    .toSorted()
}
