import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { eq } from 'drizzle-orm'
import { defaultSettings } from '../../views/widget/settings.ts'
import { keepPicture, readyPicture } from '../../src/features/pictures/index.ts'
import { changeWidget, createSite, findSite, type SiteRow, widgetOf } from '../../src/features/sites/index.ts'
import { sites } from '../../src/features/sites/schema.ts'
import { write } from '../../src/platform/db/write.ts'
import { holdClock } from '../../src/platform/lib/clock.ts'
import { clearPresence, enter } from '../../src/platform/live/presence.ts'
import { openHouse, type TestHouse } from '../support/house.ts'
import { png } from '../support/png.ts'
import { session, VisitorSocket } from '../support/visitor-client.ts'

let house: TestHouse
let site: SiteRow
let picture: string
const olga = { role: 'owner' }

beforeAll(async () => {
  house = await openHouse()
  const ready = await readyPicture(png(8, 8))
  picture = await write((tx) => keepPicture(tx, ready))
})
afterAll(() => house.close())
afterEach(() => {
  holdClock()
  clearPresence()
})
beforeEach(async () => {
  site = await write((tx) => createSite(tx, { name: 'Water', greeting: 'Hello' }))
})

const stored = async (): Promise<SiteRow> => {
  const found = await findSite(site.id)
  if (!found) throw new Error('the site is gone')
  return found
}
const refusal = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => null,
    (error: { code?: string; values?: { field?: string } }) => [error.code, error.values?.field],
  )

test('a site that was never set up looks as by default, and is for anyone', async () => {
  const fresh = await stored()
  expect(widgetOf(fresh)).toEqual(defaultSettings)
  expect(fresh).toMatchObject({ audience: 'anyone', widget: null })
})

test('what is given changes, what is not stays', async () => {
  await changeWidget(olga, site.id, { widget: { colour: '#AA0011', side: 'start' } })
  const changed = await changeWidget({ role: 'admin' }, site.id, { audience: 'registered', widget: { label: 'Ask' } })
  expect(changed).toEqual(await stored())
  expect(changed).toMatchObject({ name: 'Water', greeting: 'Hello', audience: 'registered', chatEnabled: true })
  expect(widgetOf(changed)).toEqual({ ...defaultSettings, colour: '#AA0011', side: 'start', label: 'Ask' })
  await changeWidget(olga, site.id, { name: '  Spring   water ', greeting: '' })
  expect(await stored()).toMatchObject({ name: 'Spring water', greeting: null, audience: 'registered' })
})

test('two who change different things at once both have their way', async () => {
  await Promise.all([
    changeWidget(olga, site.id, { widget: { label: 'Ask' } }),
    changeWidget(olga, site.id, { widget: { icon: 'drop' } }),
    changeWidget(olga, site.id, { name: 'Spring' }),
  ])
  expect(await stored()).toMatchObject({ name: 'Spring', widget: { label: 'Ask', icon: 'drop' } })
})

test('agents may not, and there has to be such a site', async () => {
  expect(await refusal(changeWidget({ role: 'agent' }, site.id, { name: 'Mine' }))).toEqual(['forbidden', undefined])
  for (const nowhere of [crypto.randomUUID(), 'nowhere', '\0'])
    expect(await refusal(changeWidget(olga, nowhere, { name: 'Mine' }))).toEqual(['site_unknown', undefined])
  expect((await stored()).name).toBe('Water')
})

const week = (day: unknown) => [day, [], [], [], [], [], []]
const full = { from: 0, to: 1440 }

describe('a setting', () => {
  test.each<[string, unknown]>([
    ['colour', '#0b6a70'],
    ['side', 'start'],
    ['offset', { inline: 0, block: 200 }],
    ['icon', 'phone'],
    ['label', 'Спросите нас 🙂'],
    ['label', ''],
    ['logo', null],
    ['theme', 'dark'],
    ['locale', 'pl'],
    ['hiddenOn', ['phone', 'tablet', 'desktop']],
    ['pages', { show: 'only', paths: ['/', '/cart*', '*/blog'] }],
    ['openAfterSeconds', 1],
    ['openAfterSeconds', 3600],
    ['poweredBy', false],
    ['hours', { zone: 'America/Argentina/Buenos_Aires', week: week([full]) }],
    ['hours', { zone: 'UTC', week: week([{ from: 1, to: 2 }, { from: 3, to: 4 }, full]) }],
    ['hours', null],
  ])('%s may be %j', async (field, value) => {
    const changed = await changeWidget(olga, site.id, { widget: { [field]: value } })
    expect(widgetOf(changed)).toEqual({ ...defaultSettings, [field]: value })
    expect(widgetOf(await stored())).toEqual(widgetOf(changed))
  })

  test.each<[string, unknown]>([
    ['colour', 'red'],
    ['colour', '#0b6a7'],
    ['colour', '#0b6a70;}'],
    ['colour', '#0b6a70\n'],
    ['side', 'left'],
    ['offset', { inline: -1, block: 0 }],
    ['offset', { inline: 201, block: 0 }],
    ['offset', { inline: 1.5, block: 0 }],
    ['offset', { inline: 1 }],
    ['offset', { inline: 1, block: 1, z: 1 }],
    ['offset', [1, 1]],
    ['icon', 'skull'],
    ['label', 'x'.repeat(31)],
    ['label', 'two\nlines'],
    ['label', 'two\u2028lines'],
    ['label', 'half a pair \ud83d'],
    ['label', 7],
    ['logo', 'https://evil.example/logo.png'],
    ['logo', '0'.repeat(64)],
    ['greetingPicture', '0'.repeat(64)],
    ['theme', 'sepia'],
    ['locale', 'de'],
    ['hiddenOn', 'phone'],
    ['hiddenOn', ['watch']],
    ['hiddenOn', ['phone', 'phone']],
    ['pages', { show: 'only', paths: ['cart'] }],
    ['pages', { show: 'never', paths: [] }],
    ['pages', { show: 'only', paths: Array.from({ length: 101 }, () => '/') }],
    ['pages', { show: 'only', paths: [`/${'x'.repeat(200)}`] }],
    ['pages', { show: 'only', paths: ['/\0'] }],
    ['openAfterSeconds', 0],
    ['openAfterSeconds', 3601],
    ['openAfterSeconds', '5'],
    ['poweredBy', 'no'],
    ['hours', { zone: 'Europe/Atlantis', week: week([full]) }],
    ['hours', { zone: '+02:00', week: week([full]) }],
    ['hours', { zone: '', week: week([full]) }],
    ['hours', { zone: 'UTC', week: [[full]] }],
    ['hours', { zone: 'UTC', week: week([{ from: 600, to: 600 }]) }],
    ['hours', { zone: 'UTC', week: week([{ from: 600, to: 540 }]) }],
    ['hours', { zone: 'UTC', week: week([{ from: 0, to: 1441 }]) }],
    ['hours', { zone: 'UTC', week: week([full, full, full, full]) }],
    ['hours', { zone: 'UTC', week: week([{ ...full, note: 'x' }]) }],
    ['hours', { zone: 'UTC', week: week(null) }],
    ['size', 3],
    ['constructor', {}],
    ['toString', 'x'],
  ])('%s may not be %j', async (field, value) => {
    const change = changeWidget(olga, site.id, { name: 'New', widget: { label: 'Ask', [field]: value } })
    expect(await refusal(change)).toEqual(['settings_invalid', field])
    expect(await stored()).toEqual(site)
  })

  test.each<[string, unknown]>([
    ['name', ' '],
    ['name', 'x'.repeat(101)],
    ['name', 7],
    ['greeting', 'x'.repeat(8001)],
    ['greeting', 'a\0b'],
    ['greeting', {}],
    ['audience', 'everybody'],
    ['widget', null],
    ['widget', []],
    ['widget', 'none'],
  ])('%s of a site may not be %j', async (field, value) => {
    expect(await refusal(changeWidget(olga, site.id, { [field]: value }))).toEqual(['settings_invalid', field])
    expect(await stored()).toEqual(site)
  })

  test('__proto__ is none, even as JSON brings it', async () => {
    const widget = JSON.parse('{"__proto__":{"colour":"red"}}') as unknown
    expect(await refusal(changeWidget(olga, site.id, { widget }))).toEqual(['settings_invalid', '__proto__'])
  })
})

test('pictures are named by their hash, once they are kept', async () => {
  await changeWidget(olga, site.id, { widget: { logo: picture, greetingPicture: picture } })
  expect(widgetOf(await stored())).toMatchObject({ logo: picture, greetingPicture: picture })
})

test('what an older Kontuar knew and this one does not is not shown, and goes with the next change', async () => {
  const widget = { label: 'Ask', blink: true } as object
  await write((tx) => tx.update(sites).set({ widget }).where(eq(sites.id, site.id)))
  expect(widgetOf(await stored())).toEqual({ ...defaultSettings, label: 'Ask' })
  await changeWidget(olga, site.id, { widget: { icon: 'drop' } })
  expect((await stored()).widget).toEqual({ label: 'Ask', icon: 'drop' })
})

test('an open widget hears of it at once: the look, whom it is for, and when somebody is back', async () => {
  const { visitorToken, availability } = await session(house.url, site.id)
  expect(availability).toEqual({ agents: 0, status: 'away', backAt: null })
  const other = await VisitorSocket.connect(house.url, {
    token: (await session(house.url, house.site.id)).visitorToken,
  })
  const socket = await VisitorSocket.connect(house.url, { token: visitorToken })
  const hours = { zone: 'UTC', week: week([{ from: 540, to: 1020 }]) }
  holdClock(() => Date.parse('2026-06-14T12:00Z'))
  await changeWidget(olga, site.id, { audience: 'registered', widget: { hours, colour: '#112233' } })
  expect(await socket.frame('site')).toEqual({
    type: 'site',
    id: site.id,
    name: 'Water',
    chatEnabled: true,
    audience: 'registered',
    greeting: 'Hello',
    widget: { ...defaultSettings, hours, colour: '#112233' },
  })
  const away = { agents: 0, status: 'away', backAt: Date.parse('2026-06-15T09:00Z') }
  expect(await socket.frame('presence')).toEqual({ type: 'presence', ...away })
  const newcomer = await session(house.url, site.id)
  expect(newcomer.site.widget).toMatchObject({ colour: '#112233' })
  expect(newcomer.availability).toEqual(away as typeof availability)
  enter('a', 'Anna')
  expect((await session(house.url, site.id)).availability).toEqual({ agents: 1, status: 'online', backAt: null })
  await other.ping()
  expect(other.frames.some(({ type }) => type === 'site' || type === 'presence')).toBe(false)
  await Promise.all([socket.close(), other.close()])
})
