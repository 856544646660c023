import { afterAll, afterEach, beforeAll, expect, test } from 'bun:test'
import { eq } from 'drizzle-orm'
import {
  createSite,
  demoSite,
  findSite,
  listSites,
  type NewSite,
  siteOf,
  switchChat,
} from '../../src/features/sites/index.ts'
import { sites } from '../../src/features/sites/schema.ts'
import { db } from '../../src/platform/db/open.ts'
import { write } from '../../src/platform/db/write.ts'
import { holdClock } from '../../src/platform/lib/clock.ts'
import { refusalOf } from '../support/refusal.ts'
import { openFreshStore } from '../support/store.ts'
import { nobodys } from './values.ts'

let close: () => Promise<void>
const owner = { role: 'owner' }

beforeAll(async () => {
  close = await openFreshStore()
})
afterAll(() => close())
afterEach(() => holdClock())

test('there is no demo shop until there is one, and then the same site for ever', async () => {
  expect(await demoSite()).toBeNull()
  const demo = await write((tx) => createSite(tx, { name: 'Demo', demo: true }))
  expect(await demoSite()).toEqual(demo)
})

test.each<NewSite>([
  { name: 'Water', domains: [], greeting: null },
  {
    name: 'Вода «Родник» 水 💧',
    domains: ['shop.example', '*.магазин.example'],
    greeting: 'line\nline "quoted" \\ 🚰',
  },
  { name: 'x'.repeat(5000), domains: Array.from({ length: 300 }, (_, n) => `${n}.example`), greeting: '' },
])('a site comes back as it was kept: %j', async (given) => {
  const site = await write((tx) => createSite(tx, given))
  expect(await findSite(site.id)).toEqual({ ...site, ...given, chatEnabled: true, demo: false })
  expect(site.createdAt).toBeNumber()
})

test('sites are listed as they came, and by their ids where they came at once', async () => {
  const before = (await listSites()).length
  for (const at of [3000, 1000, 2000, 2000, 2000]) {
    holdClock(() => at)
    await write((tx) => createSite(tx, { name: `at ${at}` }))
  }
  const listed = (await listSites()).slice(0, -before)
  expect(listed.map(({ name }) => name)).toEqual(['at 1000', 'at 2000', 'at 2000', 'at 2000', 'at 3000'])
  const ids = listed.slice(1, 4).map(({ id }) => id)
  expect(ids).toEqual(ids.toSorted())
})

test('texts are sorted byte by byte, and no two of them are taken for the same', async () => {
  const names = ['B', 'Z', '_', 'a', 'a b', 'a-b', 'ab', 'á', 'z', 'É', 'é', 'e\u0301', 'я', '水']
  await write(async (tx) => {
    for (const name of names) await createSite(tx, { name, greeting: 'to be sorted' })
  })
  const sorted = db
    .select({ name: sites.name })
    .from(sites)
    .where(eq(sites.greeting, 'to be sorted'))
    .orderBy(sites.name)
  const bytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b))
  expect((await sorted).map(({ name }) => name)).toEqual(names.toSorted(bytes))
  for (const name of names) expect(await db.select().from(sites).where(eq(sites.name, name))).toHaveLength(1)
})

test('the chat is switched, and the answer says how it is', async () => {
  const { id } = await write((tx) => createSite(tx, { name: 'Water' }))
  for (const chatEnabled of [false, false, true]) {
    expect(await switchChat(owner, id, chatEnabled)).toMatchObject({ id, chatEnabled })
    expect(await findSite(id)).toMatchObject({ chatEnabled })
  }
})

test('sixteen who switch it at once all get through', async () => {
  const { id } = await write((tx) => createSite(tx, { name: 'Water' }))
  const switched = await Promise.all(Array.from({ length: 16 }, (_, n) => switchChat(owner, id, n % 2 === 0)))
  expect(switched.map(({ chatEnabled }) => chatEnabled)).toEqual(switched.map((_, n) => n % 2 === 0))
})

test.each(nobodys)('%j is no site', async (id) => {
  expect(await refusalOf(siteOf(id))).toBe('site_unknown')
  expect(await refusalOf(switchChat(owner, id, false))).toBe('site_unknown')
})
