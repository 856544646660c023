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

test('the console’s script, htmx included, and its style are at most 32 KB, gzipped', () => {
  expect(zippedBytes('console.js')).toBeGreaterThan(10_000)
  expect(zippedBytes('console.js') + zippedBytes('console.css')).toBeLessThanOrEqual(32 * 1024)
})
