import { beforeAll, expect, test } from 'bun:test'
import { join } from 'node:path'
import { buildAssets } from '../../src/build/assets.ts'
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

test('the window with everything needed to chat is at most 30 KB, gzipped', () => {
  expect(zippedBytes('frame.js')).toBeGreaterThan(5000)
  expect(zippedBytes('frame.js') + zippedBytes('frame.css')).toBeLessThanOrEqual(30 * 1024)
})

test('the loader carries no parser, no framework and nothing of the other catalogues', async () => {
  const loader = await Bun.file(join(buildFolder, manifest['widget.js']?.name ?? '')).text()
  for (const word of ['innerHTML', 'eval(', 'Function(', 'document.cookie', 'document.write', 'preact']) {
    expect(loader).not.toContain(word)
  }
})
