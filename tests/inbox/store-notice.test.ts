import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { setStoreMode } from '../../src/platform/db/state.ts'
import { hire, password } from '../support/cast.ts'
import { type Browser, openPages } from '../support/chromium.ts'
import { keepPicture } from '../support/pictures.ts'
import { openHouse, type TestHouse } from '../support/house.ts'

setDefaultTimeout(60_000)

let house: TestHouse
let browser: Browser

beforeAll(async () => {
  house = await openHouse()
  browser = await openPages()
  await hire('Anna')
})
afterAll(async () => {
  setStoreMode('ok')
  await browser.close()
  await house.close()
})

test('while the store takes no writes every open console says why, a new one too, and nothing once it does', async () => {
  const page = await (await browser.newContext({ locale: 'en-GB' })).newPage()
  await page.goto(`${house.url}/sign-in`)
  await page.getByLabel('E-mail').fill('anna@shop.test')
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  const notice = page.locator('#store-notice')
  await page.locator('#empty').waitFor()
  expect(await notice.innerText()).toBe('')
  setStoreMode('damaged')
  await notice.getByText('The database is damaged').waitFor()
  await keepPicture(page, 'store-notice')
  await page.reload()
  await notice.getByText('The database is damaged').waitFor()
  expect(await page.locator('#rows').isVisible()).toBe(true)
  setStoreMode('ok')
  await notice.locator('p').waitFor({ state: 'detached' })
})
