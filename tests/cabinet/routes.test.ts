import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { valueInWords } from '../../views/settings/change-words.ts'
import { settingsEntries, findEntries } from '../../views/settings/entries.ts'
import { settingsGroups } from '../../views/settings/pages.ts'
import { lastChange } from '../../src/features/settings/index.ts'
import { chatDefaults, findSite, listSites } from '../../src/features/sites/index.ts'
import { locales, translator } from '../../src/platform/lib/i18n.ts'
import { atConsole } from '../inbox/stage.ts'
import type { AgentClient } from '../support/agent-client.ts'
import { openHouse, type TestHouse } from '../support/house.ts'
import { png } from '../support/png.ts'

let house: TestHouse
let clara: AgentClient
let dima: AgentClient
let anna: AgentClient

beforeAll(async () => {
  house = await openHouse({ 'no-limits': true })
  clara = await atConsole(house, 'Clara', 'admin')
  dima = await atConsole(house, 'Dima', 'owner')
  anna = await atConsole(house, 'Anna')
})
afterAll(() => house.close())

type Route = [method: string, path: string, form?: Record<string, string>]
const routes = (): Route[] => [
  ['GET', '/settings'],
  ['GET', '/settings/chat'],
  ['PUT', '/settings/chat', filled],
  ['PUT', `/settings/chat?site=${house.site.id}`, filled],
  ['GET', '/settings/sites'],
  ['GET', '/settings/sites/new'],
  ['GET', '/settings/sites/list'],
  ['POST', '/settings/sites', { name: 'Evil', domains: '' }],
  ['GET', `/settings/sites/${house.site.id}`],
  ['PUT', `/settings/sites/${house.site.id}`, { name: 'Evil' }],
  ['DELETE', `/settings/sites/${house.site.id}`],
  ['DELETE', `/settings/sites/${house.site.id}/removal`],
  ['PUT', `/settings/sites/${house.site.id}/deactivation`],
  ['DELETE', `/settings/sites/${house.site.id}/deactivation`],
  ['PUT', `/settings/sites/${house.site.id}/chat`],
  ['DELETE', `/settings/sites/${house.site.id}/chat`],
  ['GET', '/settings/installation'],
  ['GET', '/settings/search?q=chat'],
  ['GET', '/settings/changes?page=chat'],
  ['GET', '/settings/preview'],
  ['POST', '/settings/pictures'],
]

const filled = {
  chatEnabled: 'on',
  audience: 'anyone',
  greeting: 'Hello **there**',
  greetingPicture: '',
  copies: 'on',
  addresses: 'zakaz@voda.example, office@voda.example',
  often: 'digest',
  digestMinutes: '15',
  withAnswers: 'on',
}
const asHtmx = { accept: 'text/html', 'hx-request': 'true' }
const saveChat = async (agent: AgentClient, form: Record<string, string>, site = '') =>
  agent.request('PUT', `/settings/chat${site}`, form, asHtmx)
const seen = async (subject: string | null = null) => (await lastChange('chat', subject)) ?? ''
const fieldIn = (html: string, name: string) =>
  new RegExp(`<(?:input|textarea)[^>]*name="${name}"[^>]*>`).exec(html)?.[0] ?? ''

describe('who may what', () => {
  test('agents are refused in words, everywhere, and nothing changes', async () => {
    const before = [await chatDefaults(), await listSites()]
    const pages = settingsGroups.flatMap((group) => group.pages.map(({ href }): Route => ['GET', href]))
    for (const [method, path, form] of [...routes(), ...pages]) {
      const refused = await anna.request(method, path, form)
      expect([method, path, refused.status, refused.json.code]).toEqual([method, path, 403, 'forbidden'])
      const page = await anna.request(method, path, form, { accept: 'text/html' })
      expect(page.text).toContain('Ask the owner or an admin')
    }
    expect([await chatDefaults(), await listSites()]).toEqual(before)
  })

  test('what another site’s page asks for is refused, whoever is signed in', async () => {
    const before = [await chatDefaults(), await listSites()]
    for (const [method, path, form] of routes().filter(([one]) => one !== 'GET')) {
      const foreign = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }
      expect([path, (await dima.request(method, path, form, foreign)).json.code]).toEqual([path, 'cross_site'])
    }
    expect([await chatDefaults(), await listSites()]).toEqual(before)
  })

  test('the cabinet begins with the chat', async () => {
    expect((await clara.get('/settings')).location).toBe('/settings/chat')
  })
})

describe('the settings of the chat', () => {
  beforeEach(async () => {
    await saveChat(dima, { ...filled, greeting: 'As before', seen: await seen() })
  })

  test('are saved as they were typed, and what was saved is said', async () => {
    const answer = await saveChat(clara, { ...filled, addresses: 'a@b.example; c@d.example', seen: await seen() })
    expect(answer.status).toBe(200)
    expect(answer.text).toContain('Saved: First-contact message, E-mail copies.')
    expect(await chatDefaults()).toEqual({
      chatEnabled: true,
      audience: 'anyone',
      greeting: 'Hello **there**',
      greetingPicture: null,
      copies: {
        on: true,
        addresses: ['a@b.example', 'c@d.example'],
        digestMinutes: 15,
        withAnswers: true,
        withFeedback: false,
      },
    })
  })

  test('come back with what is wrong beside its field, as they were typed, and are not saved', async () => {
    const before = await chatDefaults()
    const typed = {
      ...filled,
      greeting: `${'x'.repeat(1001)}`,
      addresses: 'zakaz@voda.example, office@voda',
      digestMinutes: 'soon',
      seen: await seen(),
    }
    const answer = await saveChat(clara, typed)
    expect(answer.status).toBe(422)
    expect(answer.text).toContain('office@voda is not a whole address: the part after @ has no dot.')
    expect(answer.text).toContain('At most 1,000 characters fit')
    expect(answer.text).toContain('From 1 to 1,440 whole minutes.')
    expect(fieldIn(answer.text, 'addresses')).toContain('value="zakaz@voda.example, office@voda"')
    expect(fieldIn(answer.text, 'addresses')).toContain('aria-invalid="true"')
    expect(fieldIn(answer.text, 'digestMinutes')).toContain('value="soon"')
    expect(answer.text).toContain('x'.repeat(1001))
    expect(await chatDefaults()).toEqual(before)
  })

  test('tell the second of two who save at once what the first has changed, and keep what they typed', async () => {
    const both = await seen()
    await saveChat(dima, { ...filled, greeting: 'Dima greets', seen: both })
    const late = await saveChat(clara, { ...filled, greeting: 'Clara greets', seen: both })
    expect(late.status).toBe(409)
    expect(late.text).toContain('Dima has saved other changes meanwhile')
    expect(late.text).toMatch(/<del[^>]*>As before<\/del>.*<ins[^>]*>Dima greets<\/ins>/s)
    expect(late.text).toMatch(/<textarea[^>]*name="greeting"[^>]*>Clara greets<\/textarea>/)
    expect((await chatDefaults()).greeting).toBe('Dima greets')
    const now = /name="seen" value="([^"]+)"/.exec(late.text)?.[1] ?? ''
    expect((await saveChat(clara, { ...filled, greeting: 'Clara greets', seen: now })).status).toBe(200)
    expect((await chatDefaults()).greeting).toBe('Clara greets')
  })

  test('of a site are its own where it says so', async () => {
    const site = `?site=${house.site.id}`
    const own = { ...filled, 'own.greeting': '1', greeting: 'North greets', seen: await seen(house.site.id) }
    expect((await saveChat(clara, own, site)).status).toBe(200)
    expect(await findSite(house.site.id)).toMatchObject({ greeting: 'North greets', own: ['greeting'] })
    expect((await clara.get(`/settings/chat${site}`)).text).toContain('As on all sites')
    const back = { ...filled, 'own.greeting': '', seen: await seen(house.site.id) }
    await saveChat(clara, back, site)
    expect(await findSite(house.site.id)).toMatchObject({ greeting: 'As before', own: [] })
  })

  test('are not to be had for a site that is none', async () => {
    expect((await clara.get('/settings/chat?site=nothing')).status).toBe(404)
    expect((await saveChat(clara, filled, '?site=nothing')).status).toBe(404)
  })

  test('say to programs in JSON what was changed, or what is wrong', async () => {
    const { json } = await clara.request('PUT', '/settings/chat', { ...filled, seen: await seen() })
    expect(json).toEqual({ changed: ['greeting'] })
    const wrong = await clara.request('PUT', '/settings/chat', { ...filled, addresses: 'x', seen: await seen() })
    expect([wrong.status, wrong.json.code]).toEqual([422, 'settings_invalid'])
  })
})

describe('sites', () => {
  const look = {
    colour: '#123456',
    side: 'start',
    icon: 'drop',
    label: 'Ask us',
    logo: '',
    theme: 'dark',
    locale: 'ru',
    offsetInline: '5',
    offsetBlock: '7',
    'hiddenOn.phone': 'on',
    show: 'only',
    paths: '/cart*\ncheckout',
    opens: 'on',
    openAfterSeconds: '30',
    hasHours: 'on',
    zone: 'Europe/Moscow',
    'day.0': '9–13, 14:00-18:30',
  }

  test('are created with a name and domains, or come back as they were typed', async () => {
    const created = await clara.request(
      'POST',
      '/settings/sites',
      { name: 'South', domains: 'https://south.example/' },
      asHtmx,
    )
    expect(created.status).toBe(200)
    const wrong = { name: '  ', domains: 'south.example a&b' }
    const refused = await clara.request('POST', '/settings/sites', wrong, { accept: 'text/html' })
    expect(refused.status).toBe(422)
    expect(refused.text).toContain('A line of 1 to 100 characters.')
    expect(refused.text).toContain('a&amp;b is not the address of a site')
    expect(fieldIn(refused.text, 'domains')).toContain('value="south.example, a&amp;b"')
    expect((await listSites()).map(({ name }) => name)).toContain('South')
  })

  test('are edited as a whole: name, domains, look, pages and hours', async () => {
    const form = { ...look, name: 'North shop', domains: 'north.example *.north.example', seen: '' }
    const answer = await clara.request('PUT', `/settings/sites/${house.site.id}`, form, asHtmx)
    expect([answer.status, answer.text.includes('Saved: ')]).toEqual([200, true])
    expect(await findSite(house.site.id)).toMatchObject({
      name: 'North shop',
      domains: ['north.example', '*.north.example'],
      widget: {
        colour: '#123456',
        side: 'start',
        offset: { inline: 5, block: 7 },
        hiddenOn: ['phone'],
        pages: { show: 'only', paths: ['/cart*', '/checkout'] },
        openAfterSeconds: 30,
        poweredBy: false,
        hours: {
          zone: 'Europe/Moscow',
          week: [
            [
              { from: 540, to: 780 },
              { from: 840, to: 1110 },
            ],
            [],
            [],
            [],
            [],
            [],
            [],
          ],
        },
      },
    })
    const late = await clara.request('PUT', `/settings/sites/${house.site.id}`, form, asHtmx)
    expect([late.status, late.text.includes('has saved other changes meanwhile')]).toEqual([409, true])
  })

  test('come back with every fault beside its field', async () => {
    const form = {
      ...look,
      name: 'North shop',
      domains: 'a&b',
      offsetInline: '999',
      openAfterSeconds: '0',
      label: 'x'.repeat(31),
      'day.0': '18-9',
      seen: (await lastChange('sites', house.site.id)) ?? '',
    }
    const answer = await clara.request('PUT', `/settings/sites/${house.site.id}`, form, asHtmx)
    expect(answer.status).toBe(422)
    for (const name of ['domains', 'offsetInline', 'openAfterSeconds', 'day.0'])
      expect([name, fieldIn(answer.text, name).includes('aria-invalid="true"')]).toEqual([name, true])
    expect(answer.text).toContain('a&amp;b is not the address of a site')
    const one = { ...form, domains: '', offsetInline: '1', openAfterSeconds: '1', 'day.0': '' }
    const labelled = await clara.request('PUT', `/settings/sites/${house.site.id}`, one, asHtmx)
    expect([labelled.status, fieldIn(labelled.text, 'label').includes('aria-invalid="true"')]).toEqual([422, true])
  })

  test('that a colleague adds, switches, puts out of use or deletes show at once in every open list of them', async () => {
    const live = await dima.live()
    const told = async (change: () => Promise<{ json: Record<string, unknown> }>) => {
      const poked = live.nextMessage((text) => text.includes('sites-changed'))
      const { json } = await change()
      expect(JSON.parse(await poked)).toEqual({ poke: 'sites-changed' })
      return String(json.siteId)
    }
    const id = await told(() => clara.request('POST', '/settings/sites', { name: 'Seen at once', domains: '' }))
    const list = async () => (await dima.request('GET', '/settings/sites/list', undefined, asHtmx)).text
    expect(await list()).toContain('Seen at once')
    expect((await dima.get('/settings/sites')).text).toContain(await list())
    await told(() => clara.request('DELETE', `/settings/sites/${id}/chat`))
    await told(() => clara.request('PUT', `/settings/sites/${id}/deactivation`))
    await told(() => clara.request('DELETE', `/settings/sites/${id}`))
    expect(await list()).not.toContain('Seen at once')
    await live.close()
  })

  test('go out of use and are deleted with a way back', async () => {
    const { json } = await clara.request('POST', '/settings/sites', { name: 'Short-lived', domains: '' })
    const path = `/settings/sites/${String(json.siteId)}`
    const out = await clara.request('PUT', `${path}/deactivation`, undefined, asHtmx)
    expect(out.text).toContain(`hx-delete="${path}/deactivation"`)
    expect(out.text).toContain('Short-lived is out of use')
    const gone = await clara.request('DELETE', path, undefined, asHtmx)
    expect(gone.text).toContain(`hx-delete="${path}/removal"`)
    expect((await clara.get(path)).status).toBe(404)
    expect((await clara.request('DELETE', `${path}/removal`, undefined, asHtmx)).text).toContain('Short-lived is back')
    expect((await findSite(String(json.siteId)))?.deactivatedAt).toBeNumber()
  })
})

describe('changes', () => {
  test('are told in words of the reader’s language, part by part', () => {
    const t = translator('ru')
    expect(valueInWords(t, 'dark', 'theme')).toBe('Тёмная')
    expect(valueInWords(t, 'dark', 'greeting')).toBe('dark')
    expect(valueInWords(t, ['greeting', 'audience'], 'own')).toBe('Сообщение при первом обращении, Кто может писать')
    const week = [[{ from: 540, to: 1080 }], [], [], [], [], [], []]
    expect(valueInWords(t, { zone: 'Europe/Moscow', week }, 'hours')).toBe(
      'Часовой пояс: Europe/Moscow; Часы работы: Понедельник 09:00–18:00',
    )
    expect(valueInWords(t, null, 'hours')).toBe('Ничего')
    expect(valueInWords(t, 'f'.repeat(64), 'logo')).toBe('Картинка')
  })

  test('are listed by page with who made them, and paged', async () => {
    for (let n = 0; n < 35; n++) await clara.switchChat(house.site.id, n % 2 === 0)
    const { text } = await dima.get('/settings/changes?page=chat')
    expect(text.match(/id="change-/g)).toHaveLength(30)
    expect(text).toContain('Clara')
    const next = /href="(\/settings\/changes\?page=chat&amp;before=[^"]+)"/.exec(text)?.[1]?.replaceAll('&amp;', '&')
    const older = (await dima.get(next ?? '')).text
    expect(older).toContain('id="change-')
    const ids = (html: string) => [...html.matchAll(/id="(change-[^"]+)"/g)].map(([, id]) => id)
    expect(ids(older).filter((id) => ids(text).includes(id))).toEqual([])
  })

  test('of no page, or from no place, are not found', async () => {
    expect((await clara.get('/settings/changes?page=constructor')).status).toBe(404)
    expect((await clara.get('/settings/changes?page=chat&before=1.x')).status).toBe(400)
  })
})

describe('the search over settings', () => {
  test('finds a setting by its name or by another word for it, in every language', async () => {
    expect((await clara.get('/settings/search?q=digest')).text).toContain('href="/settings/chat#chat-copies"')
    const found = findEntries(translator('ru'), 'копии почт').map(({ href }) => href)
    expect(found).toEqual([])
    expect(findEntries(translator('ru'), 'почту')[0]?.href).toBe('/settings/chat#chat-copies')
    expect(findEntries(translator('pl'), 'wlacz')[0]?.href).toBe('/settings/chat#chat-enabled')
    expect(findEntries(translator('en'), ' ')).toEqual([])
  })

  test('leads to pages that there are, and to questions that stand on them', async () => {
    for (const { href } of settingsEntries) {
      const [path = '', id] = href.split('#')
      const answer = await clara.get(path)
      expect([href, answer.status]).toEqual([href, 200])
      if (id !== undefined) expect([href, answer.text.includes(`id="${id}"`)]).toEqual([href, true])
    }
  })

  test('is in the menu of every page, in every language', async () => {
    for (const locale of locales) {
      for (const { href } of settingsGroups.flatMap(({ pages }) => pages)) {
        const { text } = await clara.request('GET', href, undefined, { accept: 'text/html', 'accept-language': locale })
        expect([href, locale, text.includes('id="settings-found"')]).toEqual([href, locale, true])
        expect([href, locale, text.includes('aria-current="page"')]).toEqual([href, locale, true])
      }
    }
  })
})

test('the page of the installation says what runs here, and no secret of it', async () => {
  const { text } = await clara.get('/settings/installation')
  expect(text).toContain('Messages are kept, in')
  expect(text).toContain('id="api-keys"')
  expect(text).toContain(house.url)
})

test('a picture is kept by its content, and what is none is refused in words', async () => {
  const upload = async (body: BodyInit) =>
    fetch(`${house.url}/settings/pictures`, {
      method: 'POST',
      headers: { cookie: clara.cookieHeader(), accept: 'application/json', 'content-type': 'application/octet-stream' },
      body,
    })
  const kept = await upload(png(4, 4) as BodyInit)
  expect(kept.status).toBe(201)
  const { hash } = (await kept.json()) as { hash: string }
  expect((await fetch(`${house.url}/pictures/${hash}`)).status).toBe(200)
  const refused = await upload('<svg onload=alert(1)>')
  expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([422, 'picture_invalid'])
})

test('only the cabinet’s own pages may frame the preview', async () => {
  const policy = async (path: string) =>
    (await fetch(house.url + path, { headers: { cookie: clara.cookieHeader() } })).headers.get(
      'content-security-policy',
    ) ?? ''
  expect(await policy('/settings/preview')).toContain("frame-ancestors 'self'")
  expect(await policy('/settings/chat')).toContain("frame-ancestors 'none'")
  expect(await policy('/settings/chat')).toContain("frame-src 'self'")
  expect(await policy('/settings/installation')).not.toContain('frame-src')
})
