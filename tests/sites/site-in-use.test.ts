import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { deleteSite } from '../../src/features/cabinet/delete-site.ts'
import { sendMessage } from '../../src/features/messages/index.ts'
import { listChanges } from '../../src/features/settings/index.ts'
import {
  addSite,
  changeWidget,
  createSite,
  deactivateSite,
  findSite,
  listSites,
  restoreSite,
  type SiteRow,
} from '../../src/features/sites/index.ts'
import { issueVisitorToken, readVisitorToken } from '../../src/features/visitors/index.ts'
import { write } from '../../src/platform/db/write.ts'
import { openHouse, type TestHouse } from '../support/house.ts'
import { newClientId, session, VisitorSocket } from '../support/visitor-client.ts'

const clara = { role: 'admin', agentId: crypto.randomUUID() }
const anna = { role: 'agent', agentId: crypto.randomUUID() }

let house: TestHouse
let site: SiteRow

beforeAll(async () => {
  house = await openHouse({ 'no-limits': true })
})
afterAll(() => house.close())
beforeEach(async () => {
  site = await write((tx) => createSite(tx, { name: 'North', greeting: 'Hello' }))
})

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => null,
    ({ code }: { code?: string }) => code ?? 'bug',
  )
const somebodyWrites = (siteId: string, clientId = newClientId(), token = issueVisitorToken(siteId)) =>
  sendMessage(readVisitorToken(token), { clientId, body: 'Hello' })

describe('a site that is out of use', () => {
  test('takes no message, begins no session, and answers a repeat as before', async () => {
    const token = issueVisitorToken(site.id)
    const ack = await somebodyWrites(site.id, 'once', token)
    await deactivateSite(clara, site.id, true)
    expect(await codeOf(somebodyWrites(site.id))).toBe('site_inactive')
    expect(await somebodyWrites(site.id, 'once', token)).toEqual(ack)
    const answer = await fetch(`${house.url}/api/widget/v1/sessions`, {
      method: 'POST',
      body: JSON.stringify({ siteId: site.id }),
    })
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([410, 'site_inactive'])
  })

  test('shows nothing on the pages of the shop', async () => {
    const script = async () => (await fetch(`${house.url}/widget.js?site=${site.id}`)).text()
    expect((await script()).length).toBeGreaterThan(1000)
    await deactivateSite(clara, site.id, true)
    expect(await script()).toBe('')
    expect((await fetch(`${house.url}/widget/frame?site=${site.id}`)).status).toBe(404)
  })

  test('closes the widgets that are open', async () => {
    const { visitorToken } = await session(house.url, site.id)
    const socket = await VisitorSocket.connect(house.url, { token: visitorToken })
    await deactivateSite(clara, site.id, true)
    expect((await socket.closed).code).toBe(1001)
  })

  test('comes back as it was', async () => {
    await deactivateSite(clara, site.id, true)
    await deactivateSite(clara, site.id, true)
    await deactivateSite(clara, site.id, false)
    expect(await findSite(site.id)).toEqual(site)
    await somebodyWrites(site.id)
  })

  test('is so by owners and admins alone', async () => {
    expect(await codeOf(deactivateSite(anna, site.id, true))).toBe('forbidden')
    expect(await codeOf(deactivateSite(clara, crypto.randomUUID(), true))).toBe('site_unknown')
  })
})

describe('deleting', () => {
  test('a site on which nobody wrote goes, and comes back as it was', async () => {
    await changeWidget(clara, site.id, { domains: ['shop.example'], widget: { colour: '#112233' } })
    const before = await findSite(site.id)
    await deleteSite(clara, site.id)
    expect(await findSite(site.id)).toBeNull()
    await restoreSite(clara, site.id)
    await restoreSite(clara, site.id)
    expect(await findSite(site.id)).toEqual(before)
    expect((await listChanges('sites', null, 2)).map(({ kind }) => kind)).toEqual(['restored', 'removed'])
  })

  test('one with conversations stays, and nothing says that it was removed', async () => {
    await somebodyWrites(site.id)
    expect(await codeOf(deleteSite(clara, site.id))).toBe('site_in_use')
    expect(await findSite(site.id)).toEqual(site)
    expect((await listChanges('sites', null, 1)).filter(({ subjectId }) => subjectId === site.id)).toEqual([])
  })

  test('at the moment in which somebody first writes there, one of the two is refused, and nothing is half done', async () => {
    for (let round = 0; round < 20; round++) {
      const { id } = await write((tx) => createSite(tx, { name: 'North' }))
      const outcomes = await Promise.all([codeOf(deleteSite(clara, id)), codeOf(somebodyWrites(id))])
      const isThere = (await findSite(id)) !== null
      expect(outcomes).toEqual(isThere ? ['site_in_use', null] : [null, 'site_unknown'])
    }
  })

  test('is refused to agents, and what never was is not brought back', async () => {
    expect(await codeOf(deleteSite(anna, site.id))).toBe('forbidden')
    expect(await codeOf(restoreSite(anna, site.id))).toBe('forbidden')
    for (const nowhere of ['x', crypto.randomUUID()]) {
      expect(await codeOf(restoreSite(clara, nowhere))).toBe('site_unknown')
      expect(await codeOf(deleteSite(clara, nowhere))).toBe('site_unknown')
    }
  })
})

test('a new site has its name and domains, and who made it is kept', async () => {
  const made = await addSite(clara, { name: ' South  shop ', domains: ['https://South.example/', '*.south.example'] })
  expect(await findSite(made.id)).toMatchObject({ name: 'South shop', domains: ['south.example', '*.south.example'] })
  expect((await listChanges('sites', null, 1))[0]).toMatchObject({ kind: 'created', agentId: clara.agentId })
  const before = (await listSites()).length
  expect(await codeOf(addSite(anna, { name: 'Mine', domains: [] }))).toBe('forbidden')
  expect(await codeOf(addSite(clara, { name: ' ', domains: [] }))).toBe('settings_invalid')
  expect(await codeOf(addSite(clara, { name: 'Odd', domains: ['a b'] }))).toBe('settings_invalid')
  expect((await listSites()).length).toBe(before)
})
