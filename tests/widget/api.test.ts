import { afterEach, expect, test } from 'bun:test'
import type { Window } from 'happy-dom'
import { closeShops, home, loaded, openChat, openShop } from './shop-page.ts'

// kontuar(...), as a shop's developer calls it.
afterEach(closeShops)

const see = `See ${home}/widget/api?site=site-1`

/** A page in whose head the snippet's stub stood and was called before the script came. */
const calledBefore =
  (...calls: unknown[][]) =>
  (window: Window) => {
    const stub = (...call: unknown[]) => stub.q.push(call)
    stub.q = [] as unknown[][]
    Object.assign(window, { kontuar: stub })
    for (const call of calls) stub(...call)
  }

test('open, close and toggle do what they say, and tell their listeners', async () => {
  const { kontuar, launcher, root, heard, until, close } = await openChat()
  const told: string[] = []
  kontuar('on', 'open', () => told.push('open'))
  kontuar('on', 'close', () => told.push('close'))
  const window = root.querySelector('.window')
  kontuar('close')
  expect(window?.hasAttribute('open')).toBe(false)
  expect(launcher.hidden).toBe(false)
  kontuar('close')
  kontuar('toggle')
  expect(window?.hasAttribute('open')).toBe(true)
  kontuar('open')
  expect(told).toEqual(['close', 'open'])
  await until('open')
  expect(heard.filter(({ type }) => type === 'open').at(0)).toEqual({ type: 'open', open: false })
  close()
})

test('calls before the script has come are carried out when it has', async () => {
  const told: unknown[] = []
  const shop = openShop({
    prepare: calledBefore(
      ['on', 'ready', () => told.push('ready')],
      ['on', 'open', () => told.push('open')],
      ['setAttributes', { plan: 3 }],
      ['open'],
    ),
  })
  expect(told).toEqual(['ready'])
  await loaded()
  expect(told).toEqual(['ready', 'open'])
  expect(shop.root.querySelector('.window')?.hasAttribute('open')).toBe(true)
  expect(shop.errors).toEqual([])
})

test('who listens before anything was loaded hears of the first opening by hand, once', async () => {
  const { kontuar, launcher } = openShop()
  const told: string[] = []
  kontuar('on', 'open', () => told.push('open'))
  launcher.click()
  await loaded()
  expect(told).toEqual(['open'])
})

test('a function that was taken before the script came works after it, too', async () => {
  let taken: { q?: { push(call: unknown[]): void } } = {}
  const shop = openShop({ prepare: calledBefore() })
  taken = (shop.view as unknown as { kontuar: typeof taken }).kontuar
  taken.q?.push(['open'])
  await loaded()
  expect(shop.launcher.hidden).toBe(true)
})

test('what can wait is not a reason to load anything', async () => {
  const { kontuar, brought, launcher, errors } = openShop()
  const ready: string[] = []
  kontuar('on', 'ready', () => ready.push('ready'))
  kontuar('on', 'message', () => {})
  kontuar('off', 'message')
  kontuar('setAttributes', { email: 'marina@example.org' })
  kontuar('page', { url: 'https://shop.test/other' })
  kontuar('page')
  kontuar('close')
  kontuar('hide')
  expect(launcher.hidden).toBe(true)
  kontuar('show')
  expect(launcher.hidden).toBe(false)
  await loaded()
  expect(ready).toEqual(['ready'])
  expect(brought).toEqual([])
  expect(errors).toEqual([])
})

test('hide takes the launcher and the open window away, and show brings the launcher back where settings hide it', async () => {
  const { kontuar, launcher, root, close } = await openChat({ settings: { pages: { show: 'only', paths: ['/help'] } } })
  kontuar('hide')
  expect(root.querySelector('.window')?.hasAttribute('open')).toBe(false)
  expect(launcher.hidden).toBe(true)
  kontuar('show')
  expect(launcher.hidden).toBe(false)
  close()
})

test('attributes, the page and a text for the field reach the frame', async () => {
  const { kontuar, until, heard, close } = await openChat()
  kontuar('setAttributes', { name: 'Marina', orders: 12, club: true })
  kontuar('setAttributes', { club: null })
  kontuar('page', { url: '/checkout', title: 'Checkout' })
  kontuar('send', 'Where is my order?')
  expect(await until('prefill')).toEqual({ type: 'prefill', text: 'Where is my order?' })
  expect(heard.filter(({ type }) => type === 'attributes').at(-1)).toEqual({
    type: 'attributes',
    attributes: { name: 'Marina', orders: 12, club: null },
  })
  expect(heard.filter(({ type }) => type === 'page').at(-1)).toEqual({
    type: 'page',
    page: { url: 'https://shop.test/checkout', title: 'Checkout' },
    referrer: '',
  })
  close()
})

test('a page that routes by itself is told of once, and once more when it is named; a title that goes on changing is not', async () => {
  const ticks: (() => void)[] = []
  const prepare = (window: Window) => Object.assign(window, { setInterval: (run: () => void) => ticks.push(run) })
  const { view, heard, until, kontuar, close } = await openChat({ prepare })
  const tick = () => ticks.forEach((run) => run())
  view.history.pushState(null, '', '/thanks')
  tick()
  view.document.title = 'Thank you'
  for (let second = 0; second < 6; second++) tick()
  for (const title of ['(1) Thank you', 'Thank you', '(1) Thank you']) {
    view.document.title = title
    tick()
  }
  kontuar('send', 'The last thing that is said')
  await until('prefill')
  expect(heard.flatMap((one) => (one.type === 'page' ? [one.page] : []))).toEqual([
    { url: 'https://shop.test/cart', title: '' },
    { url: 'https://shop.test/thanks', title: '' },
    { url: 'https://shop.test/thanks', title: 'Thank you' },
  ])
  close()
})

test('a tab that is looked at again is where the visitor is', async () => {
  const ticks: (() => void)[] = []
  const prepare = (window: Window) => Object.assign(window, { setInterval: (run: () => void) => ticks.push(run) })
  const { view, heard, until, kontuar, close } = await openChat({ prepare })
  let hidden = true
  Object.defineProperty(view.document, 'hidden', { get: () => hidden })
  const tick = () => ticks.forEach((run) => run())
  tick()
  tick()
  hidden = false
  tick()
  tick()
  kontuar('send', 'The last thing that is said')
  await until('prefill')
  const cart = { url: 'https://shop.test/cart', title: '' }
  expect(heard.flatMap((one) => (one.type === 'page' ? [one.page] : []))).toEqual([cart, cart])
  close()
})

test('a message is kept with the page that the shop named, until the address changes', async () => {
  const { kontuar, post, until, heard, view, close } = await openChat()
  view.document.title = 'Cart'
  const write = async (clientId: string) => {
    post({ type: 'keep', item: { clientId, body: 'hello', at: 1 } })
    for (;;) {
      const kept = heard.find((one) => one.type === 'item' && one.item.clientId === clientId)
      if (kept?.type === 'item') return kept.item.page
      await until('item')
      await loaded()
    }
  }
  kontuar('page', { title: 'Checkout' })
  expect(await write('id-1')).toEqual({ url: 'https://shop.test/cart', title: 'Checkout' })
  view.history.pushState(null, '', '/thanks')
  expect(await write('id-2')).toEqual({ url: 'https://shop.test/thanks', title: 'Cart' })
  close()
})

test('what the frame tells is heard by the shop, by late listeners too where it still holds', async () => {
  const { kontuar, post, close } = await openChat()
  const told: unknown[] = []
  const listen = (name: string) => kontuar('on', name, (detail: unknown) => told.push([name, detail]))
  for (const name of ['message', 'unread', 'form']) listen(name)
  const detail = { author: { kind: 'agent', name: 'Anna' }, text: 'Good morning', at: 5 } as const
  post({ type: 'event', name: 'message', detail })
  post({ type: 'unread', count: 1, label: 'Open the chat, 1 unread message' })
  post({ type: 'event', name: 'form', detail: { form: 'email' } })
  post({ type: 'event', name: 'availability', detail: { status: 'online', backAt: null } })
  while (told.length < 3) await loaded()
  await loaded()
  listen('availability')
  listen('unread')
  expect(told).toEqual([
    ['message', detail],
    ['unread', { count: 1 }],
    ['form', { form: 'email' }],
    ['availability', { status: 'online', backAt: null }],
    ['unread', { count: 1 }],
  ])
  close()
})

test('off takes one listener away, or all of an event', async () => {
  const { kontuar, close } = await openChat()
  const told: string[] = []
  const one = () => told.push('one')
  const two = () => told.push('two')
  for (const listener of [one, two]) kontuar('on', 'close', listener)
  kontuar('off', 'close', one)
  kontuar('close')
  expect(told).toEqual(['two'])
  kontuar('off', 'close')
  kontuar('open')
  kontuar('close')
  expect(told).toEqual(['two'])
  close()
})

test('a listener that throws is told of on the console, and the others hear all the same', async () => {
  const { kontuar, errors, close } = await openChat()
  const told: string[] = []
  kontuar('on', 'close', () => {
    throw new Error('of the shop')
  })
  kontuar('on', 'close', () => told.push('close'))
  kontuar('on', 'ready', () => {
    throw new Error('at once')
  })
  kontuar('close')
  expect(told).toEqual(['close'])
  expect(errors).toEqual([
    `kontuar: that call failed. ${see} Error: at once`,
    `kontuar: a listener of "close" threw: ${see} Error: of the shop`,
  ])
  close()
})

test.each([
  [
    ['opn'],
    'there is no command "opn". The commands are open, close, toggle, show, hide, setAttributes, page, send, on, off, shutdown.',
  ],
  [
    [],
    'there is no command that is undefined. The commands are open, close, toggle, show, hide, setAttributes, page, send, on, off, shutdown.',
  ],
  [
    [Symbol('x')],
    'there is no command that is symbol. The commands are open, close, toggle, show, hide, setAttributes, page, send, on, off, shutdown.',
  ],
  [
    ['on', 'mesage', () => {}],
    'there is no event "mesage". The events are ready, open, close, message, unread, availability, form.',
  ],
  [['on', 'open'], '"on" takes "open" and a function.'],
  [['off', 'open', 5], '"off" takes "open" and the function that is to hear no more, or nothing for all of them.'],
  [['send', 5], '"send" takes the text for the field.'],
  [['page', 'https://shop.test/'], '"page" takes nothing, or an object with "url" and "title", both texts.'],
  [['page', { title: 5 }], '"page" takes nothing, or an object with "url" and "title", both texts.'],
  [['setAttributes'], '"setAttributes" takes an object, as { name: "Marina" }.'],
  [['setAttributes', { email: 5 }], 'the attribute "email" must be a text, or null.'],
  [['setAttributes', { born: new Date(0) }], 'the attribute "born" must be a text, a number, true, false or null.'],
  [['setAttributes', { debt: Number.NaN }], 'the attribute "debt" must be a text, a number, true, false or null.'],
  [['setAttributes', { text: 'x'.repeat(501) }], 'the attribute "text" is longer than 500 characters.'],
  [
    ['setAttributes', Object.fromEntries(Array.from({ length: 51 }, (_, n) => [n, n]))],
    '"setAttributes" takes at most 50 attributes.',
  ],
])('a wrong call says what is wrong, answers undefined and throws nothing: %p', async (call, sentence) => {
  const shop = openShop()
  expect(shop.kontuar(...call)).toBeUndefined()
  for (let turn = 0; turn < 20 && shop.errors.length === 0; turn++) {
    // What is wrong in a call that may wait is told when it is carried out.
    if (turn === 10) shop.launcher.dispatchEvent(new shop.view.Event('focus'))
    await loaded()
  }
  expect(shop.errors).toEqual([`kontuar: ${sentence} ${see}`])
  expect(shop.kontuar(...call)).toBeUndefined()
  expect(shop.errors).toHaveLength(2)
})

test('every command answers undefined', async () => {
  const { kontuar, close } = await openChat()
  for (const call of [['open'], ['close'], ['toggle'], ['show'], ['hide'], ['page'], ['send', ''], ['off', 'open']]) {
    expect(kontuar(...call)).toBeUndefined()
  }
  close()
})

test('shutdown takes everything away and forgets the token and all that was kept here, of this site alone', async () => {
  const prepare = (window: Window) => {
    window.localStorage.setItem('kontuar:site-1:token', 'token-1')
    window.localStorage.setItem('kontuar:site-1:draft', 'half a')
    window.sessionStorage.setItem('kontuar:site-1:draft', 'half a')
    window.localStorage.setItem('kontuar:site-2:token', 'token-2')
    window.localStorage.setItem('cart', '3')
  }
  const { kontuar, view, post, mount, launcher, close } = await openChat({ prepare })
  kontuar('shutdown')
  expect(view.document.querySelector('kontuar-chat')).toBeNull()
  // What the frame says at the last moment is kept no more.
  post({ type: 'draft', text: 'half a sentence' })
  post({ type: 'token', token: 'token-3', was: 'token-1' })
  await loaded()
  await loaded()
  expect(Object.keys(view.localStorage).toSorted()).toEqual(['cart', 'kontuar:site-2:token'])
  expect(Object.keys(view.sessionStorage)).toEqual([])
  launcher.click()
  kontuar('open')
  expect(view.document.querySelector('kontuar-chat')).toBeNull()
  // A snippet that comes again takes up what was called meanwhile.
  mount()
  await loaded()
  expect(view.document.querySelector('kontuar-chat')?.shadowRoot?.querySelector('.window')?.hasAttribute('open')).toBe(
    true,
  )
  close()
})

test('shutdown before anything was loaded forgets all the same', () => {
  const shop = openShop({ prepare: (window) => window.localStorage.setItem('kontuar:site-1:token', 'token-1') })
  shop.kontuar('shutdown')
  expect(shop.view.localStorage).toHaveLength(0)
  for (const run of shop.idle) run()
  expect(shop.brought).toEqual([])
})
