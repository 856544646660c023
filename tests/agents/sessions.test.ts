import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'bun:test'
import { changePassword, changeRole, disableAgent } from '../../src/features/agents/index.ts'
import type { SignedIn } from '../../src/features/agents/index.ts'
import { throttleSignIn } from '../../src/features/agents/sign-in.ts'
import { setStoreMode } from '../../src/platform/db/state.ts'
import { holdClock } from '../../src/platform/lib/clock.ts'
import { AgentClient } from '../support/agent-client.ts'
import { hire, password } from '../support/cast.ts'
import { openHouse, type TestHouse } from '../support/house.ts'

let house: TestHouse
let number = 0
let anna: AgentClient
let annaId: string
let clara: Pick<SignedIn, 'agentId' | 'role'>

beforeAll(async () => {
  house = await openHouse({ 'no-limits': true })
  throttleSignIn(false)
  clara = { agentId: (await hire('Clara', 'admin')).agentId, role: 'admin' }
})
afterAll(() => house.close())
beforeEach(async () => {
  const hired = await hire(`Anna${++number}`)
  annaId = hired.agentId
  anna = new AgentClient(house.url)
  await anna.signIn(hired.email, password)
})
afterEach(() => holdClock())

const hour = 3_600_000
const later = (ms: number) => {
  const at = Date.now() + ms
  holdClock(() => at)
}
const copyOf = (client: AgentClient) => {
  const copy = new AgentClient(house.url)
  for (const [name, value] of client.cookies) copy.cookies.set(name, value)
  return copy
}
const isIn = async (client: AgentClient) => (await client.get('/session', 'application/json')).status === 200

test('the token changes every twelve hours of use; requests under way with the old one still pass for a minute', async () => {
  const old = copyOf(anna)
  later(11 * hour)
  await anna.get('/session')
  expect(anna.cookies.get('kontuar')).toBe(old.cookies.get('kontuar'))
  later(13 * hour)
  expect(await isIn(anna)).toBe(true)
  expect(anna.cookies.get('kontuar')).not.toBe(old.cookies.get('kontuar'))
  expect(await isIn(old)).toBe(true)
  later(13 * hour + 61_000)
  expect(await isIn(old)).toBe(false)
  expect(await isIn(anna)).toBe(true)
})

test('of requests that arrive together when the token is due, one changes it and all pass', async () => {
  later(13 * hour)
  const tabs = Array.from({ length: 6 }, () => copyOf(anna))
  expect(await Promise.all(tabs.map(isIn))).toEqual(tabs.map(() => true))
  const changed = tabs.filter((tab) => tab.cookies.get('kontuar') !== anna.cookies.get('kontuar'))
  expect(changed).toHaveLength(1)
})

test('while the store takes no writes an agent still reads, with the token as it is; afterwards it changes', async () => {
  const before = anna.cookies.get('kontuar')
  later(13 * hour)
  setStoreMode('damaged')
  try {
    expect(await isIn(anna)).toBe(true)
    expect((await anna.get('/inbox')).status).toBe(200)
    expect(anna.cookies.get('kontuar')).toBe(before)
  } finally {
    setStoreMode('ok')
  }
  expect(await isIn(anna)).toBe(true)
  expect(anna.cookies.get('kontuar')).not.toBe(before)
})

test('a session that is used lives on; one that lies idle for thirty days is over', async () => {
  later(29 * 24 * hour)
  expect(await isIn(anna)).toBe(true)
  later(58 * 24 * hour)
  expect(await isIn(anna)).toBe(true)
  later(89 * 24 * hour)
  expect(await isIn(anna)).toBe(false)
})

test('sign-out ends the session and closes its open window', async () => {
  const live = await anna.live()
  const stolen = copyOf(anna)
  await anna.signOut()
  expect((await live.closed).code).toBe(1001)
  expect(live.messages.some((text) => text.includes('signed-out'))).toBe(true)
  expect(await isIn(stolen)).toBe(false)
  expect(anna.cookies.has('kontuar')).toBe(false)
})

test('sign-out in one browser leaves the agent’s other browser alone', async () => {
  const other = new AgentClient(house.url)
  await other.signIn(`anna${number}@shop.test`, password)
  const live = await other.live()
  await anna.signOut()
  expect(await isIn(other)).toBe(true)
  await live.ping()
  await live.close()
})

test.each([
  ['a disable', (id: string) => disableAgent(clara, id)],
  ['a change of role', (id: string) => changeRole(clara, id, 'admin')],
  ['a change of password', (id: string) => changePassword(clara, id, 'another horse battery')],
])('%s ends every session and closes every open window', async (_, change) => {
  const live = await anna.live()
  await change(annaId)
  expect((await live.closed).code).toBe(1001)
  expect(await isIn(anna)).toBe(false)
  expect(anna.live()).rejects.toThrow('refused')
})

test('a disabled agent cannot sign in, and is told no more than anybody else', async () => {
  await disableAgent(clara, annaId)
  const answer = await new AgentClient(house.url).request('POST', '/sign-in', {
    email: `anna${number}@shop.test`,
    password,
  })
  expect([answer.status, answer.json.code]).toEqual([401, 'sign_in_failed'])
})

test('an agent changes their own password and nobody else’s; nobody disables themselves or the owner', async () => {
  const boris = await hire(`Boris${number}`)
  const olga = await hire(`Olga${number}`, 'owner')
  const as = (agentId: string) => ({ agentId, role: 'agent' as const })
  expect(changePassword(as(boris.agentId), annaId, 'another horse battery')).rejects.toThrow('forbidden')
  expect(changeRole(as(boris.agentId), annaId, 'owner')).rejects.toThrow('forbidden')
  expect(disableAgent(as(boris.agentId), annaId)).rejects.toThrow('forbidden')
  expect(disableAgent(clara, clara.agentId)).rejects.toThrow('forbidden')
  expect(disableAgent(clara, olga.agentId)).rejects.toThrow('forbidden')
  expect(changeRole(clara, annaId, 'owner')).rejects.toThrow('forbidden')
  expect(changePassword(clara, olga.agentId, 'another horse battery')).rejects.toThrow('forbidden')
  await changePassword(as(annaId), annaId, 'another horse battery')
  expect(await isIn(anna)).toBe(false)
})
