import { afterAll, beforeAll, expect, test } from 'bun:test'
import { Elysia } from 'elysia'
import type { Feature } from '../../src/platform/feature.ts'
import { setUpLog } from '../../src/platform/lib/log.ts'
import { openHouse, type TestHouse } from '../support/house.ts'

const broken: Feature = {
  name: 'broken',
  routes: () =>
    new Elysia().get('/broken', () => {
      throw new Error('the card number is 4111')
    }),
}

let house: TestHouse
beforeAll(async () => {
  house = await openHouse({}, { extraFeatures: [broken] })
})
afterAll(() => house.close())

const get = (path: string, headers: Record<string, string>) => fetch(house.url + path, { headers })

test('an address that is none is a page for people and JSON for programs', async () => {
  const page = await get('/nothing', { accept: 'text/html', 'accept-language': 'fr' })
  expect(page.status).toBe(404)
  expect(page.headers.get('content-type')).toContain('text/html')
  expect(page.headers.get('content-security-policy')).toBeTruthy()
  expect(await page.text()).toContain('lang="fr"')
  const answer = await get('/nothing', { accept: 'application/json' })
  expect(answer.status).toBe(404)
  expect(await answer.json()).toMatchObject({ code: 'not_found', retryable: false })
})

test('a bug is answered with an id that stands in the log, and with nothing of what it said', async () => {
  const lines: string[] = []
  setUpLog({ level: 'error', human: false, print: (line) => lines.push(line) })
  const answer = await get('/broken', { accept: 'application/json' })
  setUpLog({ print: (line) => void process.stderr.write(`${line}\n`) })
  expect(answer.status).toBe(500)
  const told = await answer.text()
  expect(told).not.toContain('4111')
  const { id } = JSON.parse(told) as { id: string }
  expect(id).toMatch(/^[\w-]{12}$/)
  expect(lines.map((line) => (JSON.parse(line) as { id?: string }).id)).toEqual([id])
})
