import { afterAll, beforeAll, expect, test } from 'bun:test'
import { cp, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { buildRelease, targetsOf } from '../../src/build/executable.ts'
import { freshFolder, run } from '../support/program.ts'

let release: Awaited<ReturnType<typeof freshFolder>>

beforeAll(async () => {
  release = await freshFolder()
  await buildRelease(release.path, [])
}, 120_000)

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
  expect(await check()).toMatchObject({ code: 0, stdout: expect.stringContaining('kontuar: OK') })
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
  await using elsewhere = await freshFolder()
  const folder = join(elsewhere.path, 'a deeper/folder of another name')
  await copySources(folder)
  const build = [process.execPath, join(folder, 'src/build/executable.ts')]
  const env = { TZ: 'Asia/Tokyo', LANG: 'pl_PL.UTF-8', HOME: elsewhere.path, PATH: '/usr/bin:/bin' }
  expect(await run(build, [], { cwd: elsewhere.path, env })).toMatchObject({ code: 0, stderr: '' })
  for (const name of ['kontuar', 'kontuar.cdx.json', 'SHA256SUMS']) {
    const compared = await run(['/usr/bin/cmp'], [join(release.path, name), join(folder, 'dist', name)])
    expect(compared).toEqual({ code: 0, stdout: '', stderr: '' })
  }
}, 120_000)
