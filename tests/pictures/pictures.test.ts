import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { deflateSync } from 'node:zlib'
import { keepPicture, pictureExists, readyPicture } from '../../src/features/pictures/index.ts'
import { pictures } from '../../src/features/pictures/schema.ts'
import { db } from '../../src/platform/db/open.ts'
import { write } from '../../src/platform/db/write.ts'
import { openHouse, type TestHouse } from '../support/house.ts'
import { png } from '../support/png.ts'

let house: TestHouse
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.close())

const keep = async (bytes: Uint8Array): Promise<string> => {
  const picture = await readyPicture(bytes)
  return write((tx) => keepPicture(tx, picture))
}
const show = (hash: string) => fetch(`${house.url}/pictures/${hash}`)
const sizeOf = async (bytes: ArrayBuffer) => new Bun.Image(bytes).metadata()

test('a picture is kept under its content’s name, and shown to anybody for ever', async () => {
  const hash = await keep(png(40, 20))
  expect(hash).toMatch(/^[0-9a-f]{64}$/)
  expect(await pictureExists(hash)).toBe(true)
  const response = await show(hash)
  expect(response.status).toBe(200)
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-type': 'image/webp',
    'cache-control': 'public, max-age=31536000, immutable',
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'cross-origin',
    'content-security-policy': "default-src 'none'; sandbox",
  })
  const bytes = await response.arrayBuffer()
  expect(new Bun.CryptoHasher('sha256').update(bytes).digest('hex')).toBe(hash)
  expect(await sizeOf(bytes)).toMatchObject({ width: 40, height: 20, format: 'webp' })
})

test('the same picture is kept once', async () => {
  const [one, two] = [await keep(png(7, 7)), await keep(png(7, 7))]
  expect(one).toBe(two)
  const rows = await db.select({ hash: pictures.hash }).from(pictures)
  expect(rows.filter(({ hash }) => hash === one)).toHaveLength(1)
})

test('a large one is drawn within 512 pixels, in its proportions', async () => {
  const response = await show(await keep(png(2000, 1000)))
  expect(await sizeOf(await response.arrayBuffer())).toMatchObject({ width: 512, height: 256 })
})

describe('what was in the file beside the picture is gone', () => {
  const secret = 'GPS 52.2297N 21.0122E <script>alert(1)</script>'
  const kept = async (bytes: Uint8Array) => Buffer.from(await (await show(await keep(bytes))).arrayBuffer())

  test('a place in the EXIF of a JPEG', async () => {
    const jpeg = Buffer.from(await new Bun.Image(png(30, 30)).jpeg().bytes())
    const exif = Buffer.concat([Buffer.from('Exif\0\0'), Buffer.from(secret)])
    const length = Buffer.alloc(2)
    length.writeUInt16BE(exif.length + 2)
    const marked = Buffer.concat([jpeg.subarray(0, 2), Buffer.from([0xff, 0xe1]), length, exif, jpeg.subarray(2)])
    expect(marked.includes(secret)).toBe(true)
    expect((await kept(marked)).includes(secret)).toBe(false)
  })

  test('a script behind the end of a PNG', async () => {
    expect((await kept(Buffer.concat([png(30, 30), Buffer.from(secret)]))).includes('script')).toBe(false)
  })
})

const refusal = (bytes: Uint8Array): Promise<unknown> =>
  readyPicture(bytes).then(
    () => null,
    (error: { code?: string }) => error.code,
  )

test.each([
  ['nothing', ''],
  ['a text', 'hello'],
  ['HTML', '<!doctype html><script>alert(1)</script>'],
  ['SVG', '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'],
  ['SVG with a prologue', '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>'],
  ['PDF', '%PDF-1.7\n1 0 obj\n<< /S /JavaScript >>'],
  ['the path of a file', '/etc/hostname'],
])('%s is no picture', async (_, text) => {
  expect(await refusal(new TextEncoder().encode(text))).toBe('picture_invalid')
})

test('half a picture is none', async () => {
  const whole = png(50, 50)
  expect(await refusal(whole.subarray(0, whole.length / 2))).toBe('picture_invalid')
})

test('what is too much to be looked at is refused before it is drawn', async () => {
  expect(await refusal(new Uint8Array(8 * 1024 * 1024 + 1))).toBe('picture_too_large')
  expect(await refusal(png(60_000, 60_000, deflateSync(Buffer.alloc(1000))))).toBe('picture_too_large')
})

test.each(['0'.repeat(64), 'A'.repeat(64), 'nothing', '..%2f..%2fetc%2fpasswd', '%00', `${'0'.repeat(64)}.webp`])(
  'there is nothing at /pictures/%s',
  async (hash) => {
    const response = await show(hash)
    expect(response.status).toBe(404)
    expect(response.headers.get('cache-control')).toBe('no-store')
  },
)
