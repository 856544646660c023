import { afterAll, afterEach, beforeAll, expect, test } from 'bun:test'
import { count } from 'drizzle-orm'
import {
  agentName,
  awaySince,
  changePassword,
  changeRole,
  createAgent,
  disableAgent,
  listAgents,
  sayAway,
} from '../../src/features/agents/index.ts'
import { chooseOwnLocale } from '../../src/features/agents/choose-locale.ts'
import { findByEmail } from '../../src/features/agents/find-agent.ts'
import { agentSessions } from '../../src/features/agents/schema.ts'
import { dropExpiredSessions, findSession, isSessionAlive, openSession } from '../../src/features/agents/sessions.ts'
import { db } from '../../src/platform/db/open.ts'
import { write } from '../../src/platform/db/write.ts'
import { on } from '../../src/platform/live/bus.ts'
import { holdClock } from '../../src/platform/lib/clock.ts'
import { newId } from '../../src/platform/lib/id.ts'
import { hire, password } from '../support/cast.ts'
import { refusalOf } from '../support/refusal.ts'
import { openFreshStore } from '../support/store.ts'
import { eventually } from '../support/waiting.ts'
import { nobodys } from './values.ts'

let close: () => Promise<void>
const owner = { agentId: newId(), role: 'owner' } as const
const day = 24 * 3600_000

beforeAll(async () => {
  close = await openFreshStore()
})
afterAll(() => close())
afterEach(() => holdClock())

const newcomer = (email: string) => ({ email, name: 'Somebody', role: 'agent', password })
const sessions = async () => (await db.select({ n: count() }).from(agentSessions))[0]?.n
const signIn = (agentId: string) => write((tx) => openSession(tx, agentId))

test('of sixteen who take the same address at once one gets it, the others are told that it is taken', async () => {
  const spellings = ['eva@shop.test', 'EVA@shop.test', ' Eva@Shop.Test ', 'ｅｖａ@shop.test']
  const asked = Array.from({ length: 16 }, (_, n) => createAgent(newcomer(spellings[n % 4] ?? '')))
  const outcomes = await Promise.allSettled(asked)
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  for (const outcome of outcomes)
    if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'email_taken' })
  expect((await listAgents()).map(({ name }) => name)).toEqual(['Somebody'])
})

test('of sixteen who say at once that an agent is away, or back, one is told of; since when stays as it was', async () => {
  const { agentId } = await hire('Wanda')
  const told: (number | null)[] = []
  on('agent.presence', (change) => {
    if (change.agentId === agentId) told.push(change.awaySince)
  })
  let at = 1000
  holdClock(() => ++at)
  const all = (away: boolean) => Promise.all(Array.from({ length: 16 }, () => sayAway(agentId, away)))
  await all(true)
  const since = await awaySince(agentId)
  expect(since).toBeGreaterThan(1000)
  await sayAway(agentId, true)
  expect(await awaySince(agentId)).toBe(since)
  await all(false)
  expect(await awaySince(agentId)).toBeNull()
  await eventually(() => told, [since, null])
})

test('that nobody is away changes nothing', async () => {
  const id = newId()
  await sayAway(id, true)
  expect(await awaySince(id)).toBeNull()
})

test('an agent comes back as kept, and is found by every spelling of the address', async () => {
  const agent = await createAgent({ email: 'Zażółć@Shop.Test', name: 'Żaneta 👩‍💻', role: 'admin', password })
  expect(await findByEmail(' ZAŻÓŁĆ@shop.test')).toEqual(agent)
  const { id, email, name, role, locale, createdAt, disabledAt } = agent
  expect(await listAgents()).toContainEqual({ id, email, name, role, locale, createdAt, disabledAt })
  expect(await agentName(id)).toBe('Żaneta 👩‍💻')
  expect([createdAt, disabledAt, locale]).toEqual([expect.any(Number), null, null])
})

test('agents are listed as they came', async () => {
  const hired: string[] = []
  for (const at of [3000, 1000, 2000]) {
    holdClock(() => at)
    hired.push((await hire(`At${at}`)).agentId)
  }
  const [last, first, second] = hired
  expect((await listAgents()).slice(0, 3).map(({ id }) => id)).toEqual([first!, second!, last!])
})

test('an address that folding makes too long for an index is none', async () => {
  expect(await refusalOf(createAgent(newcomer(`${'ﷺ'.repeat(200)}@shop.test`)))).toBe('email_invalid')
})

test.each(nobodys)('%j is no agent', async (id) => {
  expect(await findByEmail(id)).toBeNull()
  expect(await refusalOf(changeRole(owner, id, 'admin'))).toBe('not_found')
  expect(await refusalOf(disableAgent(owner, id))).toBe('not_found')
  expect(await refusalOf(changePassword(owner, id, password))).toBe('not_found')
})

test('a role, a language and the end of an agent are kept', async () => {
  const { agentId } = await hire('Greta')
  await changeRole(owner, agentId, 'admin')
  await chooseOwnLocale(agentId, 'pl')
  await disableAgent(owner, agentId)
  const card = (await listAgents()).find(({ id }) => id === agentId)
  expect(card).toMatchObject({ role: 'admin', locale: 'pl', disabledAt: expect.any(Number) })
  await chooseOwnLocale(agentId, null)
  expect((await listAgents()).find(({ id }) => id === agentId)?.locale).toBeNull()
})

test('a session ends with a change of password, whoever else is signed in', async () => {
  const [anna, dora] = [await hire('Anna'), await hire('Dora')]
  const [annas, doras] = [await signIn(anna.agentId), await signIn(dora.agentId)]
  const session = await findSession(annas)
  expect(session?.who).toMatchObject({ agentId: anna.agentId, name: 'Anna', role: 'agent', locale: null })
  expect(await isSessionAlive(session?.who.sessionId ?? '')).toBe(true)
  await changePassword({ agentId: anna.agentId, role: 'agent' }, anna.agentId, 'another long password')
  expect(await findSession(annas)).toBeNull()
  expect(await isSessionAlive(session?.who.sessionId ?? '')).toBe(false)
  expect((await findSession(doras))?.who.name).toBe('Dora')
})

test('of sixteen requests at once, when the token is due, one is given a new one', async () => {
  const token = await signIn((await hire('Frida')).agentId)
  const at = Date.now() + day
  holdClock(() => at)
  const found = await Promise.all(Array.from({ length: 16 }, () => findSession(token)))
  expect(found.map((session) => session?.who.name)).toEqual(found.map(() => 'Frida'))
  const renewed = found.flatMap((session) => session?.renewed ?? [])
  expect(renewed).toHaveLength(1)
  expect((await findSession(renewed[0] ?? ''))?.who.name).toBe('Frida')
})

test('sixteen requests at once after an hour note that somebody is there, and nobody is refused', async () => {
  const token = await signIn((await hire('Nora')).agentId)
  const at = Date.now() + 2 * 3600_000
  holdClock(() => at)
  const found = await Promise.all(Array.from({ length: 16 }, () => findSession(token)))
  expect(found.map((session) => [session?.who.name, session?.renewed])).toEqual(found.map(() => ['Nora', null]))
})

test('what has run out is dropped, five hundred at a time, and what has not stays', async () => {
  const { agentId } = await hire('Olga')
  const before = (await sessions()) ?? 0
  const old = Array.from({ length: 510 }, () => ({
    id: newId(),
    agentId,
    tokenHash: newId(),
    createdAt: 1,
    rotatedAt: 1,
    seenAt: 1,
    expiresAt: 2,
  }))
  await write(async (tx) => {
    await tx.insert(agentSessions).values(old)
  })
  const token = await signIn(agentId)
  await dropExpiredSessions()
  expect(await sessions()).toBe(before + 11)
  await dropExpiredSessions()
  await dropExpiredSessions()
  expect(await sessions()).toBe(before + 1)
  expect((await findSession(token))?.who.name).toBe('Olga')
})
