import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { Script, runInNewContext } from 'node:vm'
import { eq } from 'drizzle-orm'
import { Window } from 'happy-dom'
import { defaultSettings } from '../../views/widget/settings.ts'
import { changeWidget, createSite, demoSite, type SiteRow } from '../../src/features/sites/index.ts'
import { sites } from '../../src/features/sites/schema.ts'
import { write } from '../../src/platform/db/write.ts'
import { openHouse, type TestHouse } from '../support/house.ts'
import { session } from '../support/visitor-client.ts'

let house: TestHouse
const owner = { role: 'owner' }

beforeAll(async () => {
  house = await openHouse({ demo: true })
})

afterAll(() => house.close())

const addSite = (site: { name?: string; domains?: string[]; greeting?: string }): Promise<SiteRow> =>
  write((tx) => createSite(tx, { name: 'Shop', ...site }))

const frameOf = (siteId: string, headers: Record<string, string> = {}) =>
  fetch(`${house.url}/widget/frame?site=${encodeURIComponent(siteId)}`, { headers })

const directive = (response: Response, name: string) =>
  (response.headers.get('content-security-policy') ?? '')
    .split('; ')
    .find((one) => one.startsWith(`${name} `))
    ?.slice(name.length + 1)

test('the loader is cached for minutes, and costs an empty answer while it is the same', async () => {
  const first = await fetch(`${house.url}/widget.js`)
  expect(first.headers.get('content-type')).toStartWith('text/javascript')
  expect(first.headers.get('cache-control')).toContain('max-age=300')
  expect(first.headers.get('cross-origin-resource-policy')).toBe('cross-origin')
  const etag = first.headers.get('etag') ?? ''
  expect(etag).toMatch(/^"[0-9a-f]{12}"$/)
  for (const tag of [etag, `W/${etag}`, `"other", ${etag}`]) {
    const again = await fetch(`${house.url}/widget.js`, { headers: { 'if-none-match': tag } })
    expect([again.status, await again.text(), again.headers.get('etag')]).toEqual([304, '', etag])
  }
  const changed = await fetch(`${house.url}/widget.js`, { headers: { 'if-none-match': '"000000000000"' } })
  expect(changed.status).toBe(200)
})

test('the loader comes gzipped, within its budget', async () => {
  const response = await fetch(`${house.url}/widget.js`, { headers: { 'accept-encoding': 'gzip' }, decompress: false })
  expect(response.headers.get('content-encoding')).toBe('gzip')
  expect((await response.arrayBuffer()).byteLength).toBeLessThanOrEqual(5 * 1024)
})

const loaderOf = async (siteId: string) => {
  const response = await fetch(`${house.url}/widget.js?site=${encodeURIComponent(siteId)}`)
  const text = await response.text()
  const [, look = ''] = /\}\)\((\{.*\})\);\n$/s.exec(text) ?? []
  return { text, look, told: JSON.parse(look) as Record<string, unknown>, etag: response.headers.get('etag') }
}

describe('the loader of a site', () => {
  test('carries the look of that site, which is nobody’s global', async () => {
    const site = await addSite({ name: 'Spring' })
    await changeWidget(owner, site.id, { widget: { label: 'Ask us', hiddenOn: ['tablet'] } })
    const { text, told } = await loaderOf(site.id)
    expect(text).toStartWith('((look)=>{')
    expect(told).toMatchObject({ site: site.id, widget: { label: 'Ask us', hiddenOn: ['tablet'], locale: 'auto' } })
    expect((await loaderOf(house.site.id)).told).toMatchObject({ site: house.site.id, widget: { label: '' } })
  })

  test.each(['', 'nothing', '../../etc/passwd', '01a20201-fdb6-7741-847c-000000000000'])(
    'is the plain one where there is no site "%s"',
    async (id) => {
      const plain = await (await fetch(`${house.url}/widget.js`)).text()
      const { text, told } = await loaderOf(id)
      expect(text).toBe(plain)
      expect(told).toMatchObject({ site: null, widget: { label: '' } })
    },
  )

  test('is another one as soon as the site is changed, whoever has changed it', async () => {
    const site = await addSite({})
    const before = await loaderOf(site.id)
    expect((await loaderOf(site.id)).etag).toBe(before.etag)
    await changeWidget(owner, site.id, { widget: { colour: '#aa0011' } })
    const after = await loaderOf(site.id)
    expect(after.etag).not.toBe(before.etag)
    const stale = await fetch(`${house.url}/widget.js?site=${site.id}`, {
      headers: { 'if-none-match': before.etag ?? '' },
    })
    expect(stale.status).toBe(200)
    // As another process on the same database would: nothing is heard of it here.
    await write((tx) =>
      tx
        .update(sites)
        .set({ widget: { label: 'Elsewhere' } })
        .where(eq(sites.id, site.id)),
    )
    expect((await loaderOf(site.id)).told).toMatchObject({ widget: { label: 'Elsewhere' } })
  })

  test.each([
    '</script><script>alert(1)//',
    '"});alert(1);({"a":"',
    "');alert(1)//",
    '${alert(1)}`+alert(1)',
    '<!--<script>',
    '\\u003c\\"',
    '__proto__',
  ])('keeps the label %j a text', async (label) => {
    const site = await addSite({ name: `${label} & co` })
    await changeWidget(owner, site.id, { widget: { label } })
    const { text, look, told } = await loaderOf(site.id)
    expect(told).toMatchObject({ widget: { label } })
    expect(look).not.toMatch(/[<\u2028\u2029]/)
    expect(runInNewContext(`JSON.stringify(${look})`)).toBe(JSON.stringify(told))
    // Parsed, not run: whatever stands in it, it is one expression.
    expect(() => new Script(text)).not.toThrow()
  })
})

test('the frame runs no inline code, and only what is ours', async () => {
  const response = await frameOf(house.site.id)
  expect(response.status).toBe(200)
  expect(directive(response, 'default-src')).toBe("'none'")
  expect(directive(response, 'script-src')).toBe("'self'")
  expect(directive(response, 'style-src')).toBe("'self'")
  expect(directive(response, 'base-uri')).toBe("'none'")
  expect(directive(response, 'object-src')).toBe("'none'")
  expect(directive(response, 'require-trusted-types-for')).toBe("'script'")
  const html = await response.text()
  expect(html).not.toMatch(/<script>|<style|style=|\son\w+=/)
  expect(response.headers.get('set-cookie')).toBeNull()
})

test('a site without domains may be framed anywhere, one with domains there and here alone', async () => {
  expect(directive(await frameOf(house.site.id), 'frame-ancestors')).toBe('*')
  const site = await addSite({ domains: ['shop.test', '*.shop.test', "x.test; script-src 'unsafe-inline'"] })
  const response = await frameOf(site.id)
  expect(directive(response, 'frame-ancestors')).toBe(
    "'self' https://shop.test:* http://shop.test:* https://*.shop.test:* http://*.shop.test:*",
  )
  expect(directive(response, 'script-src')).toBe("'self'")
})

/** What the frame is told before it asks for anything. */
const knownIn = (html: string): unknown => {
  const window = new Window()
  window.document.body.innerHTML = /<body>(.*)<\/body>/s.exec(html)?.[1] ?? ''
  const { known = '' } = (window.document.querySelector('#widget') as unknown as HTMLElement).dataset
  void window.happyDOM.close()
  return JSON.parse(known)
}

test('what an admin wrote is text in the frame, never markup', async () => {
  const name = '"><script>alert(1)</script>'
  const greeting = `<img src=x onerror=alert(1)> 'x' &quot;`
  const site = await addSite({ name, greeting })
  const label = `'"><svg onload=alert(1)>`
  await changeWidget(owner, site.id, { widget: { label } })
  const html = await (await frameOf(site.id)).text()
  for (const markup of ['<script>alert', '<img', '<svg']) expect(html).not.toContain(markup)
  expect(knownIn(html)).toMatchObject({ site: { name, greeting, widget: { label } } })
})

test('the frame is told all that is known, as the protocol tells it', async () => {
  const site = await addSite({ name: 'Spring', greeting: 'Hello' })
  await changeWidget(owner, site.id, { audience: 'registered', widget: { colour: '#aa0011' } })
  const { site: told, availability } = await session(house.url, site.id)
  expect(knownIn(await (await frameOf(site.id)).text())).toEqual({ site: told, availability })
  expect(told.widget).toEqual({ ...defaultSettings, colour: '#aa0011' })
  expect(knownIn(await (await frameOf('nothing')).text())).toBeNull()
})

test.each(['', 'nothing', '../../etc/passwd', '01a20201-fdb6-7741-847c-000000000000'])(
  'the unknown site "%s" is said so',
  async (id) => {
    const response = await frameOf(id)
    expect(response.status).toBe(404)
    const html = await response.text()
    expect(html).toContain('data-known="null"')
    expect(html).not.toContain('passwd')
  },
)

test('a chat that is switched off is known before anything is asked', async () => {
  expect(await (await frameOf(house.site.id)).text()).toContain('&quot;chatEnabled&quot;:true')
})

test('the demo shop speaks the language of who looks at it, with its own site in the snippet', async () => {
  const site = await demoSite()
  const response = await fetch(`${house.url}/demo`, { headers: { 'accept-language': 'pl' } })
  const html = await response.text()
  expect(html).toContain('<html lang="pl"')
  expect(html).toContain('Strefy dostawy')
  expect(html).toContain(`<script async src="/widget.js?site=${site?.id}"></script>`)
  expect(directive(response, 'script-src')).toBe("'self'")
})
