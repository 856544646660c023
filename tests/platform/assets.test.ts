import { afterAll, beforeAll, expect, test } from 'bun:test'
import { asset } from '../../src/platform/http/assets.ts'
import { openHouse, type TestHouse } from '../support/house.ts'

let house: TestHouse
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.close())

test('a built file may be kept for ever, because its name changes with its content', async () => {
  const response = await fetch(house.url + asset('console.js'))
  expect(response.status).toBe(200)
  expect(asset('console.js')).toMatch(/^\/assets\/console-[0-9a-f]{12}\.js$/)
  expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  expect(response.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
})

test('it comes gzipped to those who take it', async () => {
  const get = (encoding: string) =>
    fetch(house.url + asset('console.js'), { headers: { 'accept-encoding': encoding }, decompress: false })
  const [plain, zipped] = await Promise.all([get('identity'), get('gzip, br')])
  for (const { headers } of [plain, zipped]) expect(headers.get('cache-control')).toContain('immutable')
  expect(zipped.headers.get('content-encoding')).toBe('gzip')
  expect(zipped.headers.get('vary')).toBe('accept-encoding')
  const unzipped = Bun.gunzipSync(new Uint8Array(await zipped.arrayBuffer()))
  expect(new TextDecoder().decode(unzipped)).toBe(await plain.text())
})

test('a picture, which is not gzipped, may be kept for ever too', async () => {
  const response = await fetch(house.url + asset('icons/app-192.png'))
  expect(response.headers.get('cache-control')).toContain('immutable')
  expect(response.headers.get('content-type')).toBe('image/png')
})

test('the name of another version gives the file of this one, which is not kept under it', async () => {
  const other = asset('host.js').replace(/[0-9a-f]{12}/, '0123456789ab')
  const response = await fetch(house.url + other)
  expect(response.status).toBe(200)
  expect(response.headers.get('cache-control')).toBe('no-cache')
  expect(response.headers.get('access-control-allow-origin')).toBe('*')
  expect(await response.text()).toBe(await (await fetch(house.url + asset('host.js'))).text())
  for (const name of ['host.js', 'host-.js', 'host-xyz.js', 'nothing-0123456789ab.js', 'manifest-0123456789ab.json']) {
    expect((await fetch(`${house.url}/assets/${name}`)).status).toBe(404)
  }
})

test.each(['nothing.js', 'manifest.json', '..%2f..%2fpackage.json', '%2e%2e/%2e%2e/package.json', ''])(
  'nothing but built files stands under /assets: %s',
  async (name) => {
    expect((await fetch(`${house.url}/assets/${name}`)).status).toBe(404)
  },
)

test('the name of a file that was not built is an error, not a dead link', () => {
  expect(() => asset('konsole.js')).toThrow('no such asset: konsole.js')
})

// What a shop's page, an open widget and a console may weigh. A dependency that costs more is a decision, not an accident.
test.each([
  ['widget.js', 6],
  ['frame.js', 30],
  ['console.js', 40],
])('%s is at most %d kB gzipped', async (name, kilobytes) => {
  const response = await fetch(house.url + asset(name), { headers: { 'accept-encoding': 'gzip' }, decompress: false })
  expect((await response.arrayBuffer()).byteLength).toBeLessThanOrEqual(kilobytes * 1000)
})
