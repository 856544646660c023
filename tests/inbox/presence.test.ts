import { afterAll, beforeAll, expect, spyOn, test } from 'bun:test'
import * as store from '../../src/features/agents/say-away.ts'
import type { AgentClient, AgentLive } from '../support/agent-client.ts'
import { openHouse, type TestHouse } from '../support/house.ts'
import { session } from '../support/visitor-client.ts'
import { eventually } from '../support/waiting.ts'
import { atConsole } from './stage.ts'

let house: TestHouse
let anna: AgentClient
const windows: AgentLive[] = []

beforeAll(async () => {
  house = await openHouse({ 'no-limits': true })
  anna = await atConsole(house, 'Anna', 'owner')
})
afterAll(async () => {
  await Promise.all(windows.map((one) => one.close()))
  await house.close()
})

const openWindow = async (agent: AgentClient): Promise<AgentLive> => {
  const live = await agent.live()
  windows.push(live)
  return live
}
const say = (agent: AgentClient, away: boolean) => agent.request(away ? 'PUT' : 'DELETE', '/account/away')
/** How many agents visitors are told of. */
const there = async () => (await session(house.url, house.site.id)).availability?.agents

const isAway = (html: string) => html.includes('id="presence-mark" data-presence="away"')

test('whoever says that they are away is not there for visitors, though their window is open', async () => {
  await openWindow(anna)
  await eventually(there, 1)
  expect((await say(anna, true)).json.awaySince).toBeNumber()
  await eventually(there, 0)
  expect((await say(anna, false)).json).toEqual({ awaySince: null })
  await eventually(there, 1)
})

test('what is said while a window that opens asks the store counts, not what the store said', async () => {
  const boris = await atConsole(house, 'Boris')
  await openWindow(boris)
  await eventually(there, 2)
  const ask = store.awaySince
  const said = Promise.withResolvers<void>()
  spyOn(store, 'awaySince').mockImplementationOnce(async (agentId) => {
    const asItWas = await ask(agentId)
    await say(boris, true)
    await eventually(there, 1)
    setTimeout(said.resolve)
    return asItWas
  })
  await openWindow(boris)
  await said.promise
  expect(await there()).toBe(1)
  await say(boris, false)
})

test('all windows of the agent follow at once, and nobody else’s', async () => {
  const dora = await atConsole(house, 'Dora')
  const [one, two, foreign] = [await openWindow(anna), await openWindow(anna), await openWindow(dora)]
  const told = [one, two].map((live) => live.nextMessage(isAway))
  await say(anna, true)
  for (const text of await Promise.all(told)) {
    expect(text).toContain('hx-target="#presence-menu"')
    expect((await anna.get('/inbox')).text).toContain(
      /<span class="presence-mark".*?<\/span><\/span>/.exec(text)?.[0] ?? 'none',
    )
  }
  await foreign.ping()
  expect(foreign.messages.filter((text) => text.includes('presence'))).toEqual([])
  await say(anna, false)
})

test('it is kept: a window that opens later, and a server that starts anew, know it', async () => {
  const { awaySince } = (await say(anna, true)).json
  // To say it again changes nothing of since when.
  expect((await say(anna, true)).json).toEqual({ awaySince })
  const closing = windows.splice(0)
  await Promise.all(closing.map((one) => one.close()))
  await house.reopen()
  await openWindow(anna)
  expect(isAway((await anna.get('/inbox')).text)).toBe(true)
  const dora = await atConsole(house, 'Ewa')
  await openWindow(dora)
  await eventually(there, 1)
  await say(anna, false)
  await eventually(there, 2)
})

test('is nothing for whoever is not signed in', async () => {
  const nobody = await fetch(`${house.url}/account/away`, {
    method: 'PUT',
    headers: { origin: house.url, accept: 'application/json' },
  })
  expect(nobody.status).toBe(401)
})
