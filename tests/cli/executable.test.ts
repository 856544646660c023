import { beforeAll, expect, test } from 'bun:test'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { executable } from '../support/executable.ts'
import { freshFolder, isAlive, type Program, run, startServing } from '../support/program.ts'

let kontuar: Program

beforeAll(async () => {
  kontuar = [await executable()]
}, 120_000)

const anna = ['--email', 'anna@shop.example', '--name', 'Anna', '--role', 'owner', '--password-stdin']

test('the executable, started in an empty folder with an empty environment, is a whole Kontuar', async () => {
  await using empty = await freshFolder()
  const cwd = empty.path
  expect(await run(kontuar, ['version'], { cwd })).toEqual({
    code: 0,
    stdout: expect.stringMatching(/^kontuar \d+\.\d+\.\d+\n$/),
    stderr: '',
  })
  await using serving = await startServing(kontuar, ['--demo'], { cwd })
  expect(await readdir(cwd)).toEqual(['data'])

  expect((await run(kontuar, ['user', 'create', ...anna], { cwd, stdin: 'a long enough secret' })).code).toBe(0)
  const listed = await run(kontuar, ['user', 'list', '--json'], { cwd })
  expect(JSON.parse(listed.stdout)).toMatchObject([{ email: 'anna@shop.example', role: 'owner' }])

  const ready = await fetch(`${serving.url}/readyz`)
  expect({ status: ready.status, body: await ready.json() }).toMatchObject({ status: 200, body: { ready: true } })
  const page = await fetch(`${serving.url}/sign-in`)
  expect(page.status).toBe(200)
  const assets = [...(await page.text()).matchAll(/"(\/assets\/[^"]+)"/g)].map(([, path]) => path)
  expect(assets.length).toBeGreaterThan(1)
  for (const path of assets) {
    const asset = await fetch(serving.url + path)
    expect(asset.status).toBe(200)
    expect(asset.headers.get('cache-control')).toContain('immutable')
  }
  expect((await fetch(`${serving.url}/widget.js`)).status).toBe(200)

  expect(await serving.end('SIGTERM')).toMatchObject({ code: 0 })
  expect(isAlive(serving.pid)).toBe(false)
  expect(await readdir(cwd)).toEqual(['data'])
})

test('the executable checks its database in the Worker that is inside it, after a kill', async () => {
  await using empty = await freshFolder()
  await using killed = await startServing(kontuar, [], { cwd: empty.path })
  await killed.end('SIGKILL')
  await using serving = await startServing(kontuar, [], { cwd: empty.path })
  expect((await fetch(`${serving.url}/readyz`)).status).toBe(200)
  await serving.logged('the database is sound')
  const { code, stderr } = await serving.end('SIGTERM')
  expect(code).toBe(0)
  expect(stderr).not.toContain('"level":"error"')
})

test('the executable heeds no .env and no bunfig.toml that lie where it is started', async () => {
  await using empty = await freshFolder()
  await Bun.write(join(empty.path, '.env'), 'KONTUAR_HOST="not a host"')
  await Bun.write(join(empty.path, 'bunfig.toml'), 'preload = ["./evil.ts"]')
  await Bun.write(join(empty.path, 'evil.ts'), 'throw new Error("run")')
  expect((await run(kontuar, ['healthcheck', '--port', '1'], { cwd: empty.path })).stderr).toContain('nothing answers')
})
