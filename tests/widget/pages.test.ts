import { afterAll, beforeAll, expect, test } from 'bun:test'
import { demoSite, createSite, type SiteRow } from '../../src/features/sites/index.ts'
import { write } from '../../src/platform/db/write.ts'
import { openHouse, type TestHouse } from '../support/house.ts'

let house: TestHouse

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

test('what an admin named the site is text in the frame, never markup', async () => {
  const site = await addSite({ name: '"><script>alert(1)</script>', greeting: '<img src=x onerror=alert(1)>' })
  const html = await (await frameOf(site.id)).text()
  expect(html).not.toContain('<script>alert')
  expect(html).not.toContain('<img')
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
