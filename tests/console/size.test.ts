import { afterAll, beforeAll, expect, test } from 'bun:test'
import { atConsole, visitorWrites } from '../inbox/stage.ts'
import type { AgentClient } from '../support/agent-client.ts'
import { openHouse, type TestHouse } from '../support/house.ts'

let house: TestHouse
let clara: AgentClient

beforeAll(async () => {
  house = await openHouse({ 'no-limits': true })
  clara = await atConsole(house, 'Clara', 'admin')
  for (let n = 0; n < 60; n++) await visitorWrites(house, `Where is order ${n}, which should have come yesterday?`)
})
afterAll(() => house.close())

const zipped = (content: string | Uint8Array<ArrayBuffer>) => Bun.gzipSync(content, { level: 6 }).byteLength

/** What a browser fetches before the inbox stands there and works: the page, and every script and style it names. */
async function firstLoad() {
  const { text } = await clara.get('/inbox')
  const named = [...text.matchAll(/<(?:script|link)\b[^>]*(?:src|href)="(\/assets\/[^"]+\.(?:js|css))"/g)]
  const files = named.map(([, path = '']) => path)
  const sizes = await Promise.all(
    files.map(async (path) => zipped(new Uint8Array(await (await fetch(house.url + path)).arrayBuffer()))),
  )
  return { files, page: zipped(text), total: sizes.reduce((sum, size) => sum + size, zipped(text)) }
}

test('the inbox with its page, script and style is at most 90 KB on the wire', async () => {
  const { files, page, total } = await firstLoad()
  expect(files.map((path) => path.replace(/-[0-9a-f]+\./, '.')).toSorted()).toEqual([
    '/assets/console.css',
    '/assets/console.js',
  ])
  expect(page).toBeGreaterThan(2000)
  expect(total).toBeGreaterThan(30_000)
  expect(total).toBeLessThanOrEqual(90 * 1024)
})
