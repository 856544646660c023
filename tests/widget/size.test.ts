import { beforeAll, expect, test } from 'bun:test'
import { join } from 'node:path'
import { buildAssets } from '../../src/build/assets.ts'
import { locales } from '../../src/catalogues/locales.ts'
import { buildFolder, type Manifest } from '../../src/platform/http/assets.ts'

let manifest: Manifest

beforeAll(async () => {
  await buildAssets()
  manifest = (await Bun.file(join(buildFolder, 'manifest.json')).json()) as Manifest
})

const zippedBytes = (name: string) => Bun.file(join(buildFolder, `${manifest[name]?.name}.gz`)).size

test('the loader is at most 5 KB, gzipped', () => {
  expect(zippedBytes('widget.js')).toBeGreaterThan(1000)
  expect(zippedBytes('widget.js')).toBeLessThanOrEqual(5 * 1024)
})

test.each([...locales])('the window with everything needed to chat is at most 30 KB, gzipped, in %s', (locale) => {
  const parts = ['frame.js', 'frame.css', `words-${locale}.js`].map(zippedBytes)
  expect(Math.min(...parts)).toBeGreaterThan(1000)
  expect(parts.reduce((sum, bytes) => sum + bytes)).toBeLessThanOrEqual(30 * 1024)
})

test.each([['forms.js', 4], ...locales.map((locale) => [`emoji-${locale}.js`, 26] as const)] as [string, number][])(
  '%s, which comes only when it is wanted, is at most %i KB, gzipped',
  (name, kilobytes) => {
    expect(zippedBytes(name)).toBeGreaterThan(1000)
    expect(zippedBytes(name)).toBeLessThanOrEqual(kilobytes * 1024)
  },
)

test('the window carries no words of its own, no emoji and no second framework', async () => {
  const text = async (name: string) => Bun.file(join(buildFolder, manifest[name]?.name ?? '')).text()
  const frame = await text('frame.js')
  // By name: a whole bundle is no message to read.
  const held = ['Nobody is here', 'Никого', '😀', 'form-consent'].filter((words) => frame.includes(words))
  expect(held).toEqual([])
  expect((await text('words-ru.js')).includes('Ещё не отправлено')).toBe(true)
  expect((await text('emoji-ru.js')).includes('😀')).toBe(true)
  // What is borrowed is not there twice.
  expect([frame, await text('forms.js')].map((script) => script.includes('diffed'))).toEqual([true, false])
})

test('the loader carries no parser, no framework and nothing of the other catalogues', async () => {
  const loader = await Bun.file(join(buildFolder, manifest['widget.js']?.name ?? '')).text()
  for (const word of ['innerHTML', 'eval(', 'Function(', 'document.cookie', 'document.write', 'preact']) {
    expect(loader).not.toContain(word)
  }
})
