import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { keepContact } from '../../src/features/contacts/index.ts'
import { findConversation } from '../../src/features/conversations/index.ts'
import { consoleSockets } from '../../src/features/inbox/console-socket.ts'
import { knowVisitor } from '../../src/features/visitors/index.ts'
import { write } from '../../src/platform/db/write.ts'
import { corpus, shortCorpus } from '../attacks/corpus.ts'
import { atConsole, type Boris, visitorWrites } from '../inbox/stage.ts'
import { faults } from '../support/axe.ts'
import type { AgentClient } from '../support/agent-client.ts'
import { password } from '../support/cast.ts'
import { type Browser, type BrowserContext, errorsOf, openChromium, openPages, type Page } from '../support/chromium.ts'
import { keepPicture } from '../support/pictures.ts'
import { openHouse, type TestHouse } from '../support/house.ts'
import { eventually } from '../support/waiting.ts'

setDefaultTimeout(120_000)

let house: TestHouse
let browser: Browser
let clara: AgentClient
let context: BrowserContext
let page: Page
let errors: string[]

beforeAll(async () => {
  house = await openHouse({ demo: true, 'no-limits': true })
  clara = await atConsole(house, 'Clara', 'admin')
  browser = await openPages()
})
afterAll(async () => {
  await browser.close()
  await house.close()
})
beforeEach(async () => {
  context = await signedIn({})
  page = await context.newPage()
  errors = errorsOf(page)
})
afterEach(async () => {
  await context.close()
})

type Options = Parameters<Browser['newContext']>[0]

async function signedIn(options: Options, agent = clara): Promise<BrowserContext> {
  const own = await browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 800 }, ...options })
  await own.addCookies([...agent.cookies].map(([name, value]) => ({ name, value, url: house.url })))
  return own
}

/** Somebody who has written and of whom the name is known. */
async function knownWrites(name: string, body: string): Promise<Boris> {
  const boris = await visitorWrites(house, body)
  const conversation = await findConversation(boris.conversationId)
  await write(async (tx) => knowVisitor(tx, conversation?.visitorId ?? '', await keepContact(tx, { name })))
  return boris
}

/** Opens a page of the console and waits for its connection. */
async function open(path: string, on = page): Promise<void> {
  const connected = on.waitForEvent('websocket').then((socket) => socket.waitForEvent('framesent'))
  await on.goto(house.url + path)
  await connected
}

declare global {
  interface Window {
    rang: number
    shown: { title: string; options: NotificationOptions }[]
    asked: number
    press: () => void
    audio?: AudioContext
    turns: string[]
  }
}

describe('no page and no dialog has faults that axe knows, nor is wider than the window', () => {
  const looks = [
    { name: 'light', colorScheme: 'light', viewport: { width: 1440, height: 900 } },
    { name: 'dark', colorScheme: 'dark', viewport: { width: 1440, height: 900 } },
    { name: 'phone', colorScheme: 'light', viewport: { width: 390, height: 844 }, hasTouch: true },
    { name: 'phone-dark', colorScheme: 'dark', viewport: { width: 390, height: 844 }, hasTouch: true },
    { name: 'rtl', colorScheme: 'light', viewport: { width: 1440, height: 900 }, rtl: true },
    { name: 'rtl-phone', colorScheme: 'dark', viewport: { width: 390, height: 844 }, rtl: true },
  ] as const

  test.each(looks)('%p', async ({ name, ...look }) => {
    const { conversationId } = await knownWrites('Анатолий Константинопольский-Задунайский', 'x'.repeat(300))
    const turned = (path: string) => ('rtl' in look ? `${path}${path.includes('?') ? '&' : '?'}dir=rtl` : path)
    await context.close()
    context = await browser.newContext(look)
    page = await context.newPage()
    await page.goto(house.url + turned('/sign-in'))
    await mustBeSound('sign-in')
    await shoot(name, 'sign-in')
    await context.close()
    context = await signedIn(look)
    page = await context.newPage()
    const paths = ['/inbox', '/inbox?folder=active', `/c/${conversationId}`, `/c/${conversationId}?show=card`]
    const others = [
      '/inbox?folder=finished',
      '/settings/sites',
      '/account',
      '/styleguide',
      '/c/nothing',
      '/offline?lang=ru',
    ]
    for (const path of [...paths, ...others].map(turned)) {
      await page.goto(house.url + path)
      await mustBeSound(path)
      await shoot(name, path)
    }
    await page.goto(house.url + turned('/inbox'))
    for (const opens of ['palette', 'keys', 'notices']) {
      await page.evaluate((which) => {
        const button = document.createElement('button')
        button.dataset.action = which
        document.body.append(button)
        button.click()
        button.remove()
      }, opens)
      await page.locator(`dialog#${opens}[open]`).waitFor()
      await mustBeSound(opens)
      await shoot(name, opens)
      await page.keyboard.press('Escape')
      await page.locator(`dialog#${opens}[open]`).waitFor({ state: 'detached' })
    }
    await page.locator('#account').click()
    await page.locator('#account-menu').waitFor()
    await mustBeSound('menu')
    await shoot(name, 'menu')
  })

  async function mustBeSound(what: string): Promise<void> {
    expect([what, ...(await faults(page))]).toEqual([what])
  }

  const shoot = (look: string, what: string) =>
    keepPicture(page, `console-${look}-${what.replace(/[0-9a-f-]{36}/, 'ID').replaceAll(/[^a-zA-Z]+/g, '-')}`)
})

test('from the sign-in to a finished conversation with the keyboard alone', async () => {
  const { conversationId } = await knownWrites('Zebediah Quill', 'Where is it?')
  await context.clearCookies()
  await page.goto(`${house.url}/sign-in`)
  await page.locator('#email:focus').waitFor()
  await page.keyboard.type('clara@shop.test')
  await page.keyboard.press('Tab')
  await page.keyboard.type(password)
  await page.keyboard.press('Enter')
  await page.waitForURL('**/inbox')
  await page.keyboard.press('Control+k')
  await page.locator('#palette-query:focus').waitFor()
  await page.keyboard.type('quill zeb')
  await page.locator(`#palette-${conversationId}[aria-selected="true"]`).waitFor()
  await page.keyboard.press('Enter')
  await page.waitForURL(`**/c/${conversationId}*`)
  await page.locator(`#conversation[data-conversation="${conversationId}"]`).waitFor()
  await page.keyboard.press('Escape')
  await blur()
  await page.goto(`${house.url}/c/${conversationId}`)
  await blur()
  await page.keyboard.press('t')
  await page.locator('#actions[data-state="active"]').waitFor()
  await blur()
  await page.keyboard.press('r')
  await page.locator('#body:focus').waitFor()
  await page.keyboard.type('On its way')
  await page.keyboard.press('Enter')
  await page.locator('#messages').getByText('On its way').waitFor()
  await blur()
  await page.keyboard.press('x')
  await page.locator('#actions[data-state="finished"]').waitFor()
  await page.keyboard.press('?')
  await page.locator('dialog#keys[open]').waitFor()
  await page.keyboard.press('Escape')
  await together('g', 'u')
  await page.waitForURL('**/account')
  expect(errors).toEqual([])
})

/** Strokes that belong together, and so follow within a moment. */
const together = (...keys: string[]) => Promise.all(keys.map((key) => page.keyboard.press(key)))

const blur = () => page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())

test('every action that the console knows has a key, no two the same, and stands in the list of keys', async () => {
  const { conversationId } = await visitorWrites(house, 'Keys')
  await open(`/c/${conversationId}`)
  await blur()
  await page.keyboard.press('?')
  await page.locator('dialog#keys[open]').waitFor()
  const rows = await page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('[data-keys-of]')].map((row) => ({
      name: row.dataset.keysOf,
      keys: [...row.querySelectorAll('kbd')].map((key) => key.textContent).join(' '),
      hidden: !row.checkVisibility(),
    })),
  )
  expect(rows.filter(({ keys, hidden }) => hidden || keys === '')).toEqual([])
  const strokes = rows.map(({ keys }) => keys)
  expect(strokes.filter((keys, place) => strokes.indexOf(keys) !== place)).toEqual([])
  expect(rows.length).toBeGreaterThan(25)
})

test('single keys are switched off in the list of keys, for this browser', async () => {
  await open('/inbox')
  await page.keyboard.press('?')
  await page.getByLabel('Single keys').uncheck()
  await page.reload()
  await page.keyboard.press('?')
  await page.keyboard.press('Control+k')
  await page.locator('dialog#palette[open]').waitFor()
  expect(await page.locator('dialog#keys').count()).toBe(0)
})

describe('the palette', () => {
  test('tells a screen reader what is chosen, goes round with arrows, and gives the focus back', async () => {
    await knownWrites('Palette Person', 'hello')
    await open('/inbox')
    await page.locator('#account').focus()
    await page.keyboard.press('Control+k')
    const line = page.getByRole('combobox')
    const chosen = async () => {
      const id = await line.getAttribute('aria-activedescendant')
      const selected = page.locator('#palette-list [aria-selected="true"]')
      expect([id, await selected.count()]).toEqual([await selected.getAttribute('id'), 1])
      return id
    }
    await page.locator('#palette-found [role="option"]').first().waitFor()
    const first = await chosen()
    await page.keyboard.press('ArrowDown')
    const second = await chosen()
    expect(second).not.toBe(first)
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('ArrowUp')
    const last = await chosen()
    expect([first, second]).not.toContain(last)
    await page.keyboard.press('ArrowDown')
    expect(await chosen()).toBe(first)
    await line.fill('palette pers')
    await page.waitForFunction(() => document.querySelector('#palette-said')?.textContent === '1 found')
    await line.fill('zzzz')
    await page.locator('#palette-none').waitFor()
    await page.keyboard.press('Escape')
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('account')
  })

  test('runs what can be done here, and offers nothing else', async () => {
    await open('/account')
    await page.keyboard.press('Control+k')
    expect(await page.locator('#palette-do-take').isVisible()).toBe(false)
    await page.keyboard.type('light or')
    await page.locator('#palette-do-theme[aria-selected="true"]').waitFor()
    await page.keyboard.press('Enter')
    await page.locator('html[data-theme="dark"]').waitFor()
    await page.keyboard.press('Shift+d')
    await page.locator('html[data-theme="light"]').waitFor()
    await clara.request('PUT', '/account/theme', { theme: '' })
  })

  test('opens a conversation in place: the page stays', async () => {
    const { conversationId } = await knownWrites('Inge Place', 'stay')
    await open('/inbox')
    await page.evaluate(() => {
      window.rang = 7
    })
    await page.keyboard.press('Control+k')
    await page.keyboard.type('inge')
    // What is found for fewer letters gives way, and the list with it grows shorter.
    await page.waitForFunction(() => document.querySelectorAll('#palette-found [role="option"]').length === 1)
    await page.locator(`#palette-${conversationId}`).click()
    await page.locator(`#conversation[data-conversation="${conversationId}"]`).waitFor()
    expect(await page.evaluate(() => window.rang)).toBe(7)
  })

  test('shows hostile names and words as text', async () => {
    await page.addInitScript(() => {
      Object.assign(window, { pwned: () => Object.assign(window, { wasPwned: true }) })
    })
    for (const text of shortCorpus.slice(0, 12)) await knownWrites(text, text)
    await open('/inbox')
    await page.keyboard.press('Control+k')
    await page.locator('#palette-found [role="option"]').first().waitFor()
    await page.keyboard.type('img')
    await page.waitForFunction(() => document.querySelector('#palette-said')?.textContent?.includes('found'))
    expect(await page.locator('#palette-found :is(img, script, iframe, style, [onerror])').count()).toBe(0)
    expect(await page.evaluate(() => 'wasPwned' in window)).toBe(false)
  })
})

test('Escape closes the menu that is open, and nothing behind it', async () => {
  const { conversationId } = await visitorWrites(house, 'Stay open')
  await open(`/c/${conversationId}`)
  for (let times = 0; times < 2; times++) {
    await page.locator('#account').click()
    await page.waitForFunction(() => document.activeElement?.getAttribute('role') === 'menuitemradio')
    await page.keyboard.press('Escape')
    await page.locator('#account-menu').waitFor({ state: 'hidden' })
  }
  expect(await page.locator(`#conversation[data-conversation="${conversationId}"]`).isVisible()).toBe(true)
  expect(page.url()).toContain(conversationId)
})

test('what was done is said for ten seconds, and for as long as somebody points at it', async () => {
  await page.clock.install()
  await open('/inbox')
  await page.clock.pauseAt(Date.now() + 60_000)
  const say = () =>
    page.evaluate(() => {
      const toast = document.querySelector<HTMLTemplateElement>('#toast')?.content.firstElementChild?.cloneNode(true)
      if (toast) document.querySelector('#toasts')?.append(toast)
    })
  const toast = page.locator('#toasts .toast')
  await say()
  await page.clock.runFor(9_000)
  expect(await toast.count()).toBe(1)
  await page.clock.runFor(1_500)
  expect(await toast.count()).toBe(0)
  await say()
  await toast.hover()
  await page.clock.runFor(60_000)
  expect(await toast.count()).toBe(1)
  await page.mouse.move(5, 5)
  await page.clock.runFor(10_500)
  expect(await toast.count()).toBe(0)
})

describe('the menu at one’s own face', () => {
  test('switches the look at once, and the next page comes in it from its first byte', async () => {
    await open('/inbox')
    await page.locator('#account').click()
    const kept = page.waitForResponse((response) => response.url().endsWith('/account/theme'))
    await page.getByRole('menuitemradio', { name: 'Dark' }).click()
    await page.locator('html[data-theme="dark"]').waitFor()
    expect((await kept).status()).toBe(204)
    // What is painted before any script has run.
    await context.route('**/*.js', (route) => route.abort())
    await page.reload()
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe('rgb(20, 18, 17)')
    await clara.request('PUT', '/account/theme', { theme: '' })
  })

  test('switches the language, and what was typed stays', async () => {
    const { conversationId } = await visitorWrites(house, 'Language')
    await open(`/c/${conversationId}`)
    await page.locator('#body').fill('half a sentence')
    await page.locator('#account').click()
    await page.getByRole('menuitemradio', { name: 'Français' }).click()
    await page.locator('html[lang="fr"]').waitFor()
    await page.waitForFunction(() => document.querySelector<HTMLTextAreaElement>('#body')?.value === 'half a sentence')
    await page.locator('#account').click()
    await page.getByRole('menuitemradio', { name: 'Comme le navigateur' }).click()
    await page.locator('html[lang="en"]').waitFor()
  })

  test('is gone through by arrows and letters, and left by Escape to where one was', async () => {
    await open('/inbox')
    await page.locator('#account').focus()
    await page.keyboard.press('Enter')
    const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim())
    await page.waitForFunction(() => document.activeElement?.getAttribute('role') === 'menuitemradio')
    expect(await page.locator('#account').getAttribute('aria-expanded')).toBe('true')
    const first = await focused()
    await page.keyboard.press('ArrowDown')
    expect(await focused()).not.toBe(first)
    await page.keyboard.press('End')
    expect(await focused()).toBe('Sign out')
    await page.keyboard.press('ArrowDown')
    expect(await focused()).toBe(first)
    await page.keyboard.press('p')
    expect(await focused()).toBe('Polski')
    await page.keyboard.press('Escape')
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('account')
    expect(await page.locator('#account').getAttribute('aria-expanded')).toBe('false')
  })

  test.each(['ltr', 'rtl'])('lies inside the window, beside the face (%s)', async (dir) => {
    await open(`/inbox?dir=${dir}`)
    const face = await page.locator('#account').boundingBox()
    await page.locator('#account').click()
    await page.waitForFunction(() => document.activeElement?.getAttribute('role') === 'menuitemradio')
    const menu = await page.locator('#account-menu').boundingBox()
    if (!face || !menu) throw new Error('nothing to measure')
    expect(menu.x).toBeGreaterThanOrEqual(0)
    expect(menu.y).toBeGreaterThanOrEqual(0)
    expect(menu.x + menu.width).toBeLessThanOrEqual(1280)
    expect(menu.y + menu.height).toBeLessThanOrEqual(face.y)
    expect(face.x > 640).toBe(dir === 'rtl')
    expect(menu.x > 640).toBe(dir === 'rtl')
  })
})

/** Counts rings, and notifications with what they say, in place of what a machine without sound and screen would do. */
function watchNotices(): void {
  const granted = (globalThis as { permission?: NotificationPermission }).permission ?? 'default'
  Object.assign(window, { rang: 0, shown: [], asked: 0, turns: [] })
  document.addEventListener('rang', () => window.rang++)
  class Recorded {
    static permission: NotificationPermission = granted
    static async requestPermission() {
      window.asked++
      Recorded.permission = 'granted'
      return Recorded.permission
    }
    onclick: (() => void) | null = null
    constructor(title: string, options: NotificationOptions) {
      window.shown.push({ title, options })
      window.press = () => this.onclick?.()
    }
    close() {}
  }
  class Heard extends AudioContext {
    constructor() {
      super()
      window.audio = this
    }
  }
  Object.assign(window, { Notification: Recorded, AudioContext: Heard })
  // Once a lock is given or refused, and what waited for that has been done, its name is written down.
  const { locks } = navigator
  const request = locks.request.bind(locks)
  Object.assign(locks, {
    request: (name: string, options: LockOptions, callback: LockGrantedCallback<unknown>) =>
      request(name, options, (lock) => {
        setTimeout(() => window.turns.push(name))
        return callback(lock)
      }),
  })
}

describe('what calls the agent', () => {
  beforeEach(async () => {
    await context.addInitScript(watchNotices)
  })

  const settings = (value: object) =>
    context.addInitScript((kept) => localStorage.setItem('kontuar:notices', kept), JSON.stringify(value))
  const behind = (on: Page | BrowserContext) =>
    on.addInitScript(() => {
      document.hasFocus = () => false
    })
  const denied = () =>
    context.addInitScript(() => {
      ;(window.Notification as unknown as { permission: string }).permission = 'denied'
    })
  const granted = () =>
    context.addInitScript(() => {
      ;(window.Notification as unknown as { permission: string }).permission = 'granted'
    })
  /** Presses something, without which a browser gives no sound, and waits until it would. */
  const wake = async (on: Page) => {
    await on.locator('#list-head').click({ position: { x: 4, y: 4 } })
    await on.waitForFunction(() => window.audio?.state === 'running')
  }
  const heard = (on: Page) => on.evaluate(() => window.rang)

  const hadItsTurn = ({ conversationId }: Boris, seq: number) =>
    page.waitForFunction((turn) => window.turns.includes(turn), `kontuar:notice:${conversationId}.${seq}`)

  test('rings in one of two windows, once for a new conversation and once for a message in mine', async () => {
    const other = await context.newPage()
    await open('/inbox')
    await open('/inbox', other)
    for (const one of [page, other]) await wake(one)
    const boris = await visitorWrites(house, 'Ring')
    const ringing = async (times: number) => {
      await page.waitForFunction(() => true)
      for (;;) {
        const [one, two] = await Promise.all([heard(page), heard(other)])
        if (one + two >= times) return one + two
        await page.evaluate(() => new Promise(requestAnimationFrame))
      }
    }
    expect(await ringing(1)).toBe(1)
    await clara.take(boris.conversationId)
    await boris.say('Ring again')
    expect(await ringing(2)).toBe(2)
    // Both have heard of all of it by the time that both have heard of the next.
    for (const one of [page, other]) await one.locator(`#row-${boris.conversationId}`).waitFor({ state: 'detached' })
    expect((await heard(page)) + (await heard(other))).toBe(2)
  })

  test('rings in the window in front where another is behind', async () => {
    const other = await context.newPage()
    await behind(other)
    await open('/inbox', other)
    await open('/inbox')
    await wake(other)
    await wake(page)
    await visitorWrites(house, 'In front')
    await page.waitForFunction(() => window.rang === 1)
    expect(await heard(other)).toBe(0)
  })

  test('is silent about what one looks at, and where sound is off', async () => {
    const boris = await visitorWrites(house, 'Looked at')
    await clara.take(boris.conversationId)
    await open(`/c/${boris.conversationId}`)
    await wake(page)
    await boris.say('I see you')
    await hadItsTurn(boris, 3)
    expect(await heard(page)).toBe(0)
    await settings({ sound: false })
    await open('/inbox?folder=active')
    await wake(page)
    await boris.say('Not heard')
    await hadItsTurn(boris, 4)
    expect(await heard(page)).toBe(0)
  })

  test('shows a notification while no window is in front, and opens the conversation when it is pressed', async () => {
    await settings({ sound: true, desktop: true, asked: true })
    await granted()
    await behind(context)
    await open('/inbox')
    const { conversationId } = await knownWrites('Nora Notice', 'Knock')
    const shown = await page.waitForFunction(
      (id) => window.shown.find(({ options }) => options.tag === id),
      conversationId,
    )
    expect(await shown.jsonValue()).toMatchObject({ options: { body: 'Knock' } })
    await page.evaluate(() => window.press())
    await page.locator(`#conversation[data-conversation="${conversationId}"]`).waitFor()
  })

  test('says nothing in a notification while a window is in front', async () => {
    await settings({ sound: true, desktop: true, asked: true })
    await granted()
    await open('/inbox')
    await wake(page)
    await visitorWrites(house, 'In front of me')
    await page.waitForFunction(() => window.rang === 1)
    expect(await page.evaluate(() => window.shown)).toEqual([])
  })

  test('carries hostile words as text into the notification', async () => {
    await settings({ desktop: true, asked: true })
    await granted()
    await behind(context)
    await open('/inbox')
    for (const [place, payload] of corpus.entries()) {
      await visitorWrites(house, payload)
      await page.waitForFunction((count) => window.shown.length === count, place + 1)
    }
    const shown = await page.evaluate(() => window.shown.map(({ options }) => options.body))
    expect(shown).toEqual([...corpus])
    expect(await page.evaluate(() => 'wasPwned' in window)).toBe(false)
  })

  test('never asks for leave by itself, once by a quiet bar when somebody begins to wait', async () => {
    await open('/inbox')
    expect(await page.locator('#notices-ask').count()).toBe(0)
    await visitorWrites(house, 'First to wait')
    const bar = page.locator('#notices-ask')
    await bar.waitFor()
    expect(await faults(page)).toEqual([])
    expect(await page.evaluate(() => window.asked)).toBe(0)
    await bar.getByRole('button', { name: 'Switch on' }).click()
    await page.waitForFunction(() => window.asked === 1)
    expect(await bar.count()).toBe(0)
    const told = page
      .waitForEvent('websocket')
      .then((socket) => socket.waitForEvent('framereceived', ({ payload }) => payload.includes('Second to wait')))
    await open('/inbox')
    await visitorWrites(house, 'Second to wait')
    await told
    expect(await bar.count()).toBe(0)
    expect(await page.evaluate(() => window.asked)).toBe(0)
  })

  test('says in words what the browser blocks', async () => {
    await denied()
    await open('/inbox')
    await together('g', 'n')
    const dialog = page.locator('dialog#notices')
    await page.waitForFunction(() => window.audio?.state === 'running')
    await dialog.getByRole('button', { name: 'Try it' }).click()
    await dialog.getByText('The browser blocks notifications from this site').waitFor()
    await dialog.getByText('The sound was played').waitFor()
    await dialog.getByLabel('Sound').uncheck()
    await dialog.getByRole('button', { name: 'Try it' }).click()
    await dialog.getByText('Sound is switched off here').waitFor()
    expect(await dialog.getByText('The sound was played').isVisible()).toBe(false)
    await page.reload()
    await together('g', 'n')
    await dialog.waitFor()
    expect(await dialog.getByLabel('Sound').isChecked()).toBe(false)
  })

  test('shows a notification on trial where it may', async () => {
    await open('/inbox')
    await together('g', 'n')
    const dialog = page.locator('dialog#notices')
    await dialog.getByLabel('Notifications of the system').check()
    await dialog.getByRole('button', { name: 'Try it' }).click()
    await dialog.getByText('A notification was given to the system').waitFor()
    const [shown] = await page.evaluate(() => window.shown)
    expect(shown).toMatchObject({ title: 'Kontuar', options: { body: 'This is how a message calls you.' } })
  })
})

test('the title, the icon and the rail carry the number of what is unread, on every page', async () => {
  const agent = await atConsole(house, 'Titia', 'admin')
  await context.close()
  context = await signedIn({}, agent)
  page = await context.newPage()
  await page.goto(`${house.url}/inbox`)
  const count = Number(await page.locator('.console').getAttribute('data-unread'))
  expect(count).toBeGreaterThan(0)
  const shown = count > 99 ? '99+' : `${count}`
  await page.waitForFunction((number) => document.title.startsWith(`(${number}) `), shown)
  expect(await page.locator('#rail-unread .count').textContent()).toBe(shown)
  expect(await page.locator('link[rel="icon"]').getAttribute('href')).toStartWith('data:image/svg+xml,')
  await page.goto(`${house.url}/account`)
  await page.waitForFunction((number) => document.title.startsWith(`(${number}) `), shown)
  await agent.request('POST', '/inbox/read-all?folder=waiting')
  await page.waitForFunction(() => !document.title.startsWith('('))
  expect(await page.locator('#rail-unread').isVisible()).toBe(false)
})

test('a lost connection is told after two seconds without moving anything, and goes by itself', async () => {
  let refuse = false
  await page.routeWebSocket('**/live', (socket) => {
    if (refuse) return void socket.close({ code: 1013 })
    socket.connectToServer()
  })
  await visitorWrites(house, 'Something to stand still')
  await page.goto(`${house.url}/inbox`)
  await page.waitForFunction(() => document.querySelector('#rows li'))
  const places = () =>
    page.evaluate(() =>
      [...document.querySelectorAll('.rail, #inbox, #conversation, #rows li')].map((one) =>
        JSON.stringify(one.getBoundingClientRect()),
      ),
    )
  const before = await places()
  await eventually(() => consoleSockets.size, 1)
  await page.evaluate(() => {
    const watched = globalThis as unknown as { saidAfter: Promise<number> }
    watched.saidAfter = new Promise<number>((said) => {
      const notice = document.querySelector<HTMLElement>('#reconnecting')
      let lostAt = 0
      document.addEventListener('htmx:ws:close', () => {
        lostAt ||= performance.now()
      })
      new MutationObserver(() => {
        if (notice && !notice.hidden) said(performance.now() - lostAt)
      }).observe(document.body, { subtree: true, attributes: true })
    })
  })
  refuse = true
  for (const socket of [...consoleSockets]) socket.end(1013, 'test')
  const afterMs = await page.evaluate(() => (globalThis as unknown as { saidAfter: Promise<number> }).saidAfter)
  expect(afterMs).toBeGreaterThan(1900)
  expect(afterMs).toBeLessThan(10_000)
  expect(await places()).toEqual(before)
  refuse = false
  await page.getByText('Reconnecting…').waitFor({ state: 'hidden' })
  expect(await places()).toEqual(before)
})

test('without a connection a page says so in the language of the console, and comes by itself when there is one', async () => {
  await context.close()
  context = await signedIn({ serviceWorkers: 'allow' })
  page = await context.newPage()
  await open('/inbox')
  await page.evaluate(() => navigator.serviceWorker.ready)
  const kept = () =>
    page.evaluate(async () => {
      const stores = await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()))
      return stores.flat().map(({ url }) => new URL(url).pathname + new URL(url).search)
    })
  expect(await kept()).toEqual(['/offline?lang=en'])
  await context.setOffline(true)
  await page.goto(`${house.url}/inbox?folder=active`)
  await page.getByRole('heading', { name: 'No connection' }).waitFor()
  expect(await faults(page)).toEqual([])
  await context.setOffline(false)
  await page.locator('#rows').waitFor()
  expect(page.url()).toBe(`${house.url}/inbox?folder=active`)
  expect(await kept()).toEqual(['/offline?lang=en'])
})

test('a browser finds nothing that keeps the console from being installed', async () => {
  // Only the whole browser would install it.
  const whole = await openChromium()
  const own = await whole.newContext()
  await own.addCookies([...clara.cookies].map(([name, value]) => ({ name, value, url: house.url })))
  const wide = await own.newPage()
  await open('/inbox', wide)
  const session = await own.newCDPSession(wide)
  const { errors: faulty, url } = await session.send('Page.getAppManifest')
  expect([url, faulty]).toEqual([`${house.url}/manifest.webmanifest?lang=en`, []])
  const { installabilityErrors } = await session.send('Page.getInstallabilityErrors')
  // Every context of a test is a private window.
  expect(installabilityErrors.map(({ errorId }) => errorId)).toEqual(['in-incognito'])
  await whole.close()
})

test('on a phone the panes are screens, the doors lie under the thumb, and fields do not zoom', async () => {
  const { conversationId } = await visitorWrites(house, 'On a phone')
  await clara.take(conversationId)
  await context.close()
  context = await signedIn({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true })
  page = await context.newPage()
  await open('/inbox?folder=active')
  const shown = () =>
    page.evaluate(() =>
      ['.rail', '#inbox', '#conversation', '#card'].filter((one) => document.querySelector(one)?.checkVisibility()),
    )
  expect(await shown()).toEqual(['.rail', '#inbox'])
  const rail = await page.locator('.rail').boundingBox()
  expect((rail?.y ?? 0) + (rail?.height ?? 0)).toBe(844)
  for (const door of await page.locator('.rail :is(a, button):visible').all()) {
    const box = await door.boundingBox()
    expect(Math.min(box?.width ?? 0, box?.height ?? 0)).toBeGreaterThanOrEqual(44)
  }
  await page.locator(`#row-${conversationId} a.row`).tap()
  await page.locator('#conversation[data-conversation]').waitFor()
  expect(await shown()).toEqual(['#conversation'])
  const size = await page.locator('#body').evaluate((box) => Number.parseFloat(getComputedStyle(box).fontSize))
  expect(size).toBeGreaterThanOrEqual(16)
  await page.goBack()
  await page.waitForFunction(() => document.querySelector('#inbox')?.checkVisibility())
  expect(await shown()).toEqual(['.rail', '#inbox'])
})

test('the page of parts opens its menu and its dialogs, without a fault', async () => {
  await page.goto(`${house.url}/styleguide`)
  await page.locator('#sample-opener').click()
  await page.waitForFunction(() => document.activeElement?.getAttribute('role') === 'menuitemradio')
  await page.keyboard.press('Escape')
  for (const name of ['keys', 'notices']) {
    await page.locator(`[data-action="${name}"]`).click()
    await page.locator(`dialog#${name}[open]`).waitFor()
    await page.keyboard.press('Escape')
  }
  expect(errors).toEqual([])
})
