import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { sendMessage } from '../../src/features/messages/index.ts'
import { hire, newVisitor, password } from '../support/cast.ts'
import { openFirefox } from '../support/firefox.ts'
import { openHouse, type TestHouse } from '../support/house.ts'
import { newClientId } from '../support/visitor-client.ts'
import { eventually } from '../support/waiting.ts'
import { visitorWrites } from '../inbox/stage.ts'

// The same console in another engine: what Chromium might do by itself, the page must do here.
setDefaultTimeout(120_000)

let house: TestHouse
let firefox: Awaited<ReturnType<typeof openFirefox>>

beforeAll(async () => {
  house = await openHouse({ 'no-limits': true })
  const { email } = await hire('Anna')
  firefox = await openFirefox()
  await firefox.goTo(`${house.url}/sign-in`)
  const fields = JSON.stringify({ email, password })
  await firefox.evaluate(`fetch('/sign-in', { method: 'POST', body: new URLSearchParams(${fields}) }).then(() => 1)`)
})
afterAll(async () => {
  await firefox.close()
  await house.close()
})

const ask = (expression: string) => firefox.evaluate(expression)
const shown = (text: string) => ask(`document.querySelector('#messages')?.innerText.includes(${JSON.stringify(text)})`)
const topOf = (seq: number) => ask(`Math.round(document.querySelector('#m-${seq}').getBoundingClientRect().top)`)

test('what stands before comes without moving what one reads, and conversations are switched in place', async () => {
  const boris = newVisitor(house.site.id)
  let id = ''
  for (let n = 1; n <= 160; n++)
    id = (await sendMessage(boris, { clientId: newClientId(), body: `message ${n}` })).conversationId
  const clara = await visitorWrites(house, 'Clara here')
  await firefox.goTo(`${house.url}/c/${id}?folder=waiting`)
  await eventually(() => shown('message 160'), true)
  await eventually(() => ask(`document.querySelector('#messages .day time')?.textContent`), 'Today')
  // Held while the answer is on its way, so that the place before it is known.
  await ask(`{
    const own = window.fetch
    window.held = []
    window.fetch = async (...asked) => {
      const answer = await own(...asked)
      if (String(asked[0]).includes('before=')) await new Promise((go) => window.held.push(go))
      return answer
    }
    window.mark = 'the same page'
    document.querySelector('#stream').scrollTop = 300
  } 1`)
  await eventually(() => ask('window.held.length'), 1)
  const stood = await topOf(120)
  await ask('window.held[0](), 1')
  await eventually(() => ask(`document.querySelector('#m-61') !== null`), true)
  expect(await topOf(120)).toBe(stood)
  await ask(`document.querySelector('#row-${clara.conversationId} a.row').click(), 1`)
  await eventually(() => shown('Clara here'), true)
  await clara.say('And I again')
  await eventually(() => shown('And I again'), true)
  await ask('history.back(), 1')
  await eventually(() => shown('message 160'), true)
  expect(await ask('window.mark')).toBe('the same page')
})
