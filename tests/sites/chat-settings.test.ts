import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { listChanges, lastChange } from '../../src/features/settings/index.ts'
import {
  changeChatDefaults,
  changeSiteChat,
  changeWidget,
  chatDefaults,
  chatOf,
  type ChatSettings,
  createSite,
  findSite,
  noCopies,
  type SiteRow,
  switchChat,
  widgetOf,
} from '../../src/features/sites/index.ts'
import { keepPicture, readyPicture } from '../../src/features/pictures/index.ts'
import { write } from '../../src/platform/db/write.ts'
import { on } from '../../src/platform/live/bus.ts'
import { openHouse, type TestHouse } from '../support/house.ts'
import { eventually } from '../support/waiting.ts'
import { png } from '../support/png.ts'

const clara = { role: 'admin', agentId: crypto.randomUUID() }
const dima = { role: 'owner', agentId: crypto.randomUUID() }
const copies = { ...noCopies, on: true, addresses: ['zakaz@voda.example'], digestMinutes: 15 }
const first: ChatSettings = {
  chatEnabled: true,
  audience: 'anyone',
  greeting: null,
  greetingPicture: null,
  copies: noCopies,
}

let house: TestHouse
let north: SiteRow
let told: string[]

beforeAll(async () => {
  house = await openHouse()
  on('site.changed', ({ site }) => {
    told.push(site.id)
  })
})
afterAll(() => house.close())
beforeEach(async () => {
  told = []
  await saveDefaults(first)
  north = await write((tx) => createSite(tx, { name: 'North' }))
  told = []
})

const saveDefaults = async (chat: ChatSettings) => changeChatDefaults(dima, chat, await lastChange('chat', null))
const saveOwn = async (own: SiteRow['own'], chat: ChatSettings) =>
  changeSiteChat(clara, north.id, { own, chat }, await lastChange('chat', north.id))
const ofNorth = async (): Promise<SiteRow> => {
  const site = await findSite(north.id)
  if (!site) throw new Error('the site is gone')
  return site
}
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => null,
    ({ code }: { code?: string }) => code ?? 'bug',
  )

describe('the default of the house', () => {
  test('reaches every site that has no answer of its own, at once, and no other', async () => {
    const own = await write((tx) => createSite(tx, { name: 'Own', greeting: 'Welcome' }))
    const changed = await saveDefaults({ ...first, chatEnabled: false, greeting: 'Hello', copies })
    expect(Object.keys(changed).toSorted()).toEqual(['chatEnabled', 'copies', 'greeting'])
    expect(chatOf(await ofNorth())).toEqual({ ...first, chatEnabled: false, greeting: 'Hello', copies })
    expect(await findSite(own.id)).toMatchObject({ chatEnabled: false, greeting: 'Welcome', own: ['greeting'] })
    await eventually(() => told.includes(own.id), true)
    expect(told).toContain(north.id)
  })

  test('is what a new site begins with', async () => {
    const ready = await readyPicture(png(4, 4))
    const greetingPicture = await write((tx) => keepPicture(tx, ready))
    await saveDefaults({ ...first, audience: 'registered', greeting: 'Hello', greetingPicture, copies })
    const site = await write((tx) => createSite(tx, { name: 'New' }))
    expect(await findSite(site.id)).toEqual(site)
    expect(chatOf(site)).toEqual({ ...first, audience: 'registered', greeting: 'Hello', greetingPicture, copies })
    expect(site.own).toEqual([])
  })

  test('tells nobody and keeps nothing when nothing was changed', async () => {
    const before = await lastChange('chat', null)
    expect(await saveDefaults(first)).toEqual({})
    expect([told, await lastChange('chat', null)]).toEqual([[], before])
  })

  test('is refused to agents, and with a picture that is not kept', async () => {
    expect(await codeOf(changeChatDefaults({ role: 'agent' }, { ...first, greeting: 'Mine' }, null))).toBe('forbidden')
    expect(await codeOf(saveDefaults({ ...first, greetingPicture: 'f'.repeat(64) }))).toBe('settings_invalid')
    expect(await chatDefaults()).toEqual(first)
  })
})

describe('a site', () => {
  test('has answers of its own, which outlive the default, and a way back to it', async () => {
    await saveOwn(['greeting', 'audience'], { ...first, greeting: 'North greets', audience: 'registered' })
    await saveDefaults({ ...first, greeting: 'All greet', chatEnabled: false })
    expect(await ofNorth()).toMatchObject({ greeting: 'North greets', audience: 'registered', chatEnabled: false })
    await saveOwn(['audience'], { ...first, greeting: 'North greets', audience: 'registered' })
    expect(await ofNorth()).toMatchObject({ greeting: 'All greet', audience: 'registered', own: ['audience'] })
  })

  test('keeps the look of its widget whatever its greeting becomes', async () => {
    await changeWidget(clara, north.id, { widget: { colour: '#112233', label: 'Ask' } })
    await saveOwn(['greeting'], { ...first, greeting: 'Hello' })
    expect(widgetOf(await ofNorth())).toMatchObject({ colour: '#112233', label: 'Ask', greetingPicture: null })
  })

  test('has an answer of its own once its chat was switched by hand', async () => {
    await switchChat(clara, north.id, false)
    await saveDefaults({ ...first, greeting: 'Hello' })
    expect(await ofNorth()).toMatchObject({ chatEnabled: false, own: ['chatEnabled'] })
  })

  test('is changed by nobody who may not, and nowhere else', async () => {
    const asked = { own: ['audience' as const], chat: { ...first, audience: 'registered' as const } }
    expect(await codeOf(changeSiteChat({ role: 'agent' }, north.id, asked, null))).toBe('forbidden')
    for (const nowhere of ['x', crypto.randomUUID()])
      expect(await codeOf(changeSiteChat(clara, nowhere, asked, null))).toBe('site_unknown')
    expect(await ofNorth()).toMatchObject({ audience: 'anyone', own: [] })
  })
})

describe('two admins who save at once', () => {
  test('the second is told, and nothing of theirs is kept', async () => {
    const seen = await lastChange('chat', null)
    const saves = [
      changeChatDefaults(clara, { ...first, greeting: 'Clara' }, seen),
      changeChatDefaults(dima, { ...first, greeting: 'Dima' }, seen),
    ]
    const codes = await Promise.all(saves.map(codeOf))
    expect(new Set(codes)).toEqual(new Set([null, 'edited_meanwhile']))
    expect((await chatDefaults()).greeting).toBe(codes[0] === null ? 'Clara' : 'Dima')
  })

  test('so it is on a site, and with two sites nobody is in the way', async () => {
    const south = await write((tx) => createSite(tx, { name: 'South' }))
    const own = { own: ['greeting' as const], chat: { ...first, greeting: 'Hello' } }
    const other = { own: ['greeting' as const], chat: { ...first, greeting: 'Good day' } }
    const codes = await Promise.all([
      codeOf(changeSiteChat(clara, north.id, own, null)),
      codeOf(changeSiteChat(dima, north.id, other, null)),
      codeOf(changeSiteChat(dima, south.id, other, null)),
    ])
    expect(new Set(codes.slice(0, 2))).toEqual(new Set([null, 'edited_meanwhile']))
    expect(codes[2]).toBeNull()
  })
})

test('who changed what is kept, with what was and what is', async () => {
  await saveDefaults({ ...first, greeting: 'Hello' })
  await saveOwn(['greeting'], { ...first, greeting: 'North' })
  const [ofSite, ofHouse] = await listChanges('chat', null, 2)
  expect(ofHouse).toMatchObject({
    agentId: dima.agentId,
    subjectId: null,
    fields: { greeting: { before: null, after: 'Hello' } },
  })
  expect(ofSite).toMatchObject({
    agentId: clara.agentId,
    subjectId: north.id,
    subject: 'North',
    fields: { greeting: { before: 'Hello', after: 'North' }, own: { before: [], after: ['greeting'] } },
  })
})
