import { afterEach, expect, test } from 'bun:test'
import { readdirSync } from 'node:fs'
import { openHouse, type TestHouse } from '../support/house.ts'

let house: TestHouse
afterEach(() => house.close())

// These have no look of their own.
const unseen = [
  'addresses',
  'document',
  'elsewhere',
  'face',
  'icon',
  'inline-markup',
  'markup',
  'rich-text',
  'snippet',
  'time',
  'dialog',
  'fold-words',
  'web-address',
  'money',
  'status-colours',
  'zone-colours',
  'refused',
]

test('every part has its place on the page of parts', async () => {
  house = await openHouse({ demo: true })
  const page = await (await fetch(`${house.url}/styleguide?lang=pl&theme=dark&dir=rtl`)).text()
  expect(page).toContain('<html lang="pl" dir="rtl" data-theme="dark"')
  const parts = readdirSync('views/ui').map((file) => file.replace(/\.tsx?$/, ''))
  const shown = [...page.matchAll(/id="part-([a-z-]+)"/g)].map(([, name]) => name)
  expect(parts.filter((part) => !unseen.includes(part) && !shown.includes(part))).toEqual([])
})

test('where there is no demo there is no such page', async () => {
  house = await openHouse()
  expect((await fetch(`${house.url}/styleguide`)).status).toBe(404)
})
