import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { sendMessage } from '../../src/features/messages/index.ts'
import { hire } from '../support/cast.ts'
import { enter, escape, openFirefox } from '../support/firefox.ts'
import { openHouse, type TestHouse } from '../support/house.ts'
import { openShop, type Shop } from '../support/shop.ts'
import { conversationWith, eventually } from '../support/waiting.ts'

// The way through in Debian's Firefox: its own storage rules, its own shadow roots, its own history.
setDefaultTimeout(90_000)

let house: TestHouse
let shop: Shop
let firefox: Awaited<ReturnType<typeof openFirefox>>
let agent: Awaited<ReturnType<typeof hire>>

beforeAll(async () => {
  house = await openHouse({ 'no-limits': true })
  agent = await hire('Anna', 'owner')
  shop = openShop(house.url, house.site.id)
  firefox = await openFirefox()
})

afterAll(async () => {
  await firefox.close()
  await shop.stop()
  await house.close()
})

const root = "document.querySelector('kontuar-chat').shadowRoot"
const launcher = `${root}.querySelector('.launcher')`
const isOpen = () => firefox.evaluate(`${root}.querySelector('.window')?.open === true`)

const stands = () =>
  firefox.evaluate(`(() => {
    const button = document.querySelector('kontuar-chat')?.shadowRoot.querySelector('.launcher')
    if (!button) return 'no launcher'
    const { right, bottom, width } = button.getBoundingClientRect()
    return [Math.round(visualViewport.width - right), innerHeight - bottom, width, getComputedStyle(button).backgroundColor].join(' ')
  })()`)

test.each(['plain', 'all-unset', 'transform', 'prototype'])(
  'a visitor opens, writes, is answered and closes in Firefox: %s',
  async (path) => {
    const words = `from Firefox on ${path}`
    await firefox.goTo(`http://localhost:${shop.port}/${path}`)
    await eventually(stands, '20 20 56 rgb(11, 106, 112)')
    expect(await firefox.evaluate('localStorage.length + sessionStorage.length + document.cookie.length')).toBe(0)
    await firefox.click(launcher)
    const frame = await firefox.frame('/widget/frame')
    const inside = (expression: string) => firefox.evaluate(expression, frame)
    await eventually(() => inside("document.activeElement?.localName ?? ''"), 'textarea')
    await firefox.type(`${words}${enter}`, frame)
    await eventually(() => inside("document.querySelector('.say[data-from=me] .state')?.textContent ?? ''"), 'Sent')
    const { id } = await conversationWith(words, agent.agentId)
    await sendMessage(agent, { conversationId: id, clientId: `firefox-${path}`, body: `answer to ${path}` })
    await eventually(() => inside(`document.body.innerText.includes('answer to ${path}')`), true)
    await firefox.type(escape, frame)
    await eventually(isOpen, false)
    await eventually(() => firefox.evaluate(`${root}.activeElement?.className ?? ''`), 'launcher')
    await firefox.evaluate("kontuar('shutdown')")
    expect(await firefox.evaluate('localStorage.length')).toBe(0)
  },
)
