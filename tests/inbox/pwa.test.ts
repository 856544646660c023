import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { locales } from '../../src/catalogues/locales.ts'
import type { AgentClient } from '../support/agent-client.ts'
import { openHouse, type TestHouse } from '../support/house.ts'
import { atConsole } from './stage.ts'

let house: TestHouse
let anna: AgentClient

beforeAll(async () => {
  house = await openHouse()
  anna = await atConsole(house, 'Anna')
})
afterAll(() => house.close())

const ask = (path: string) => fetch(house.url + path)

/** Width and height of a PNG, as it says itself. */
async function sizeOf(path: string): Promise<string> {
  const response = await ask(path)
  expect([path, response.status, response.headers.get('content-type')]).toEqual([path, 200, 'image/png'])
  const bytes = new DataView(await response.arrayBuffer())
  expect(bytes.getUint32(0)).toBe(0x89504e47)
  return `${bytes.getUint32(16)}x${bytes.getUint32(20)}`
}

type Manifest = {
  lang: string
  description: string
  start_url: string
  display: string
  icons: { src: string; sizes: string; purpose: string }[]
  shortcuts: { name: string; url: string }[]
}

describe('the manifest', () => {
  test.each(locales)('speaks %s on a page that does, and names icons that are there', async (locale) => {
    await anna.request('POST', '/account/locale', { locale })
    const address = /<link rel="manifest" href="([^"]+)"/.exec((await anna.get('/inbox')).text)?.[1] ?? ''
    const response = await ask(address)
    expect(response.headers.get('content-type')).toBe('application/manifest+json')
    const manifest = (await response.json()) as Manifest
    expect(manifest).toMatchObject({ lang: locale, start_url: '/inbox', display: 'standalone', id: '/inbox' })
    for (const { src, sizes } of manifest.icons) expect(await sizeOf(src)).toBe(sizes)
    expect(manifest.icons.map(({ sizes, purpose }) => `${sizes} ${purpose}`).toSorted()).toEqual([
      '192x192 any',
      '512x512 any',
      '512x512 maskable',
    ])
    for (const { url } of manifest.shortcuts) expect((await anna.get(url)).status).toBe(200)
  })

  test('is described in each language in words of its own', async () => {
    const described = await Promise.all(
      locales.map(
        async (lang) => ((await (await ask(`/manifest.webmanifest?lang=${lang}`)).json()) as Manifest).description,
      ),
    )
    expect(new Set(described).size).toBe(locales.length)
  })

  test.each(['', '?lang=', '?lang=de', '?lang=%22%3E', '?lang=__proto__'])(
    'speaks English when asked for %p',
    async (query) => {
      expect(((await (await ask(`/manifest.webmanifest${query}`)).json()) as Manifest).lang).toBe('en')
    },
  )
})

describe('the service worker', () => {
  test('stands at the root, is asked for anew each time, and differs where the page that it keeps does', async () => {
    const [english, russian] = await Promise.all(['/sw.js?lang=en', '/sw.js?lang=ru'].map(ask))
    expect(english?.headers.get('content-type')).toStartWith('text/javascript')
    expect(english?.headers.get('cache-control')).toBe('no-cache')
    const [one, two] = [await english?.text(), await russian?.text()]
    expect(one).not.toBe(two)
    expect(one?.replace(/\/\/ .*\n$/, '')).toBe(two?.replace(/\/\/ .*\n$/, ''))
  })

  test('keeps one page and nothing else', async () => {
    const source = await (await ask('/sw.js?lang=en')).text()
    expect([...source.matchAll(/\.(add|addAll|put)\(/g)].map(([call]) => call)).toEqual(['.add('])
    expect([...source.matchAll(/["'`](\/[a-z]+)[^"'`]*/g)].map(([, path]) => path)).toEqual(['/offline', '/c'])
  })
})

test.each(locales)('the page without a connection needs nothing else, in %s', async (locale) => {
  const response = await ask(`/offline?lang=${locale}`)
  const page = await response.text()
  expect(page).toContain(`<html lang="${locale}"`)
  expect(page).not.toMatch(/<img|src=|url\(|stylesheet|http-equiv/)
  const policy = response.headers.get('content-security-policy') ?? ''
  for (const [tag, directive] of [
    ['style', 'style-src'],
    ['script', 'script-src'],
  ]) {
    const inside = new RegExp(`<${tag}[^>]*>(.*?)</${tag}>`, 's').exec(page)?.[1] ?? ''
    const hash = new Bun.CryptoHasher('sha256').update(inside).digest('base64')
    expect(policy).toContain(`${directive} 'sha256-${hash}'`)
  }
})
