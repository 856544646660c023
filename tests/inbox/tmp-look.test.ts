import { test } from 'bun:test'
import { chromium } from 'playwright-core'
import { openHouse } from '../support/house.ts'
import { hire, password } from '../support/cast.ts'
import { newClientId, session, VisitorSocket } from '../support/visitor-client.ts'
test('look', async () => {
  const house = await openHouse()
  await hire('Anna', 'owner')
  await hire('Pavel')
  const { visitorToken } = await session(house.url, house.site.id)
  const v = await VisitorSocket.connect(house.url, {
    token: visitorToken,
    headers: {
      'user-agent':
        'Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Mobile/15E148 Safari/604.1',
    },
    hello: {
      visit: {
        page: {
          url: 'https://shop.example/water/19l?x=1',
          title: 'Water, 19 litres, the very long title of a page that goes on and on',
        },
        referrer: 'https://www.search.example/?q=water',
        language: 'pl-PL',
        timeZone: 'Europe/Warsaw',
        attributes: { plan: 'gold', cart: 3, subscriber: true },
      },
    },
  })
  const sent = await v.send({ clientId: newClientId(), body: 'Do you deliver?' })
  const id = sent.outcome === 'ok' ? sent.conversationId : ''
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] })
  for (const [name, scheme, width, height] of [
    ['light', 'light', 1440, 900],
    ['dark', 'dark', 1440, 900],
    ['phone', 'light', 390, 844],
  ] as const) {
    const page = await (
      await browser.newContext({ locale: 'en-GB', colorScheme: scheme, viewport: { width, height } })
    ).newPage()
    page.on('pageerror', (e) => console.log('ERR', String(e)))
    page.on('console', (m) => m.type() === 'error' && console.log('CON', m.text()))
    await page.goto(`${house.url}/sign-in`)
    await page.getByLabel('E-mail').fill('anna@shop.test')
    await page.getByLabel('Password').fill(password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.waitForURL(/inbox/)
    await page.goto(`${house.url}/c/${id}?folder=waiting&show=card`)
    await page.waitForSelector('#card')
    if (name === 'light') {
      await page.locator('#card-name [data-edit]').click()
      await page.keyboard.type('Boris Ivanov')
      await page.keyboard.press('Enter')
      await page.locator('#card-name bdi', { hasText: 'Boris' }).waitFor()
      await page.locator('#card-email [data-edit]').click()
      await page.keyboard.type('nonsense')
      await page.keyboard.press('Enter')
      await page.locator('#card-email .error p').waitFor()
      await page.locator('#add-note [data-edit]').click()
      await page.keyboard.type('Call **half an hour** before, gate pass.')
      await page.keyboard.press('Enter')
      await page.locator('.note').waitFor()
      await page.locator('#add-note [data-edit]').click()
      await page.keyboard.type('Another')
    }
    await page.screenshot({ path: `/tmp/w/s3/card-${name}.png` })
    if (name === 'phone') {
      await page.locator('[popovertarget=card-menu]').click()
      await page.screenshot({ path: `/tmp/w/s3/card-menu.png` })
    }
  }
  await browser.close()
  await v.close()
  await house.close()
}, 60000)
