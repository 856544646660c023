import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test'
import type { AgentActor } from '../../src/features/conversations/index.ts'
import {
  deadKey,
  endTold,
  noticeKey,
  hideSystem,
  listSystem,
  readSystem,
  systemStanding,
  tellAgents,
  tellAgentsInside,
  unreadSystem,
} from '../../src/features/system-messages/index.ts'
import { systemMessages } from '../../src/features/system-messages/schema.ts'
import { tellOfUpgrade } from '../../src/features/system-messages/upgrade-notes.ts'
import { diskKeys, lookAtDisk } from '../../src/features/system-messages/watch-disk.ts'
import { setStoreMode } from '../../src/platform/db/state.ts'
import { write } from '../../src/platform/db/write.ts'
import { newId } from '../../src/platform/lib/id.ts'
import { publish } from '../../src/platform/live/bus.ts'
import { outbox } from '../../src/platform/jobs/schema.ts'
import { tryAgain } from '../../src/platform/jobs/try-again.ts'
import { hire } from '../support/cast.ts'
import { openHouse, type TestHouse } from '../support/house.ts'
import { refusalOf } from '../support/refusal.ts'
import { eventually } from '../support/waiting.ts'

let house: TestHouse
let anna: AgentActor
let dora: AgentActor
let hired = 0

beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.close())
beforeEach(async () => {
  await write((tx) => tx.delete(systemMessages))
  hired++
  anna = await hire(`Anna${hired}`)
  dora = await hire(`Dora${hired}`)
  await thisMomentPasses()
})

/** What is told in the millisecond in which somebody came is not news to them. */
async function thisMomentPasses(): Promise<void> {
  const at = Date.now()
  await eventually(() => Date.now() > at, true)
}

const tell = (title: string, more: object = {}) => tellAgents({ kind: 'notice', title, ...more })
const titles = async () => (await listSystem(null, 50)).map(({ title, code }) => title ?? code ?? '')
const unread = async ({ agentId }: AgentActor) => (await systemStanding(agentId)).unread
const newestAt = async () => (await listSystem(null, 1))[0]?.createdAt ?? 0

test('what is told stands there for all, the newest first, and a page at a time', async () => {
  for (const title of ['one', 'two', 'three']) await tell(title)
  expect(await titles()).toEqual(['three', 'two', 'one'])
  const [first] = await listSystem(null, 1)
  expect((await listSystem(first?.createdAt ?? 0, 50)).map(({ title }) => title)).toEqual(['two', 'one'])
  expect([await unread(anna), await unread(dora)]).toEqual([3, 3])
})

test('two in one millisecond are two moments: reading one does not read the other', async () => {
  const made = await write(async (tx) => [
    await tellAgentsInside(tx, { kind: 'notice', title: 'one' }),
    await tellAgentsInside(tx, { kind: 'notice', title: 'two' }),
  ])
  expect(made[1]?.createdAt).toBeGreaterThan(made[0]?.createdAt ?? 0)
  await readSystem(anna.agentId, made[0]?.createdAt ?? 0)
  expect(await unread(anna)).toBe(1)
})

test('each agent reads for themselves, and what was read is put back exactly, unless more was read since', async () => {
  await tell('one')
  const first = await newestAt()
  await readSystem(anna.agentId, first)
  await tell('two')
  await tell('three')
  const moved = await readSystem(anna.agentId, await newestAt())
  expect([await unread(anna), await unread(dora), moved?.from]).toEqual([0, 3, first])
  expect(await readSystem(anna.agentId, first)).toBeNull()
  expect(await unreadSystem(anna.agentId, moved ?? { from: 0, to: 0 })).toBe(true)
  expect(await unread(anna)).toBe(2)
  expect(await unreadSystem(anna.agentId, moved ?? { from: 0, to: 0 })).toBe(false)
  const again = await readSystem(anna.agentId, await newestAt())
  await tell('four')
  await readSystem(anna.agentId, await newestAt())
  expect(await unreadSystem(anna.agentId, again ?? { from: 0, to: 0 })).toBe(false)
  expect(await unread(anna)).toBe(0)
})

test('what was told before somebody came is not news to them', async () => {
  await tell('old')
  const told = await newestAt()
  await eventually(() => Date.now() > told, true)
  const late = await hire(`Late${hired}`)
  await thisMomentPasses()
  expect(await unread(late)).toBe(0)
  await tell('new')
  expect(await unread(late)).toBe(1)
})

test('the same key is told once until it is over, and then anew', async () => {
  expect(await tell('Mail waits', { key: 'mail' })).not.toBeNull()
  expect(await tell('Mail waits', { key: 'mail' })).toBeNull()
  expect(await endTold([noticeKey('mail'), 'mail', 'nothing'])).toBe(1)
  expect((await listSystem(null, 1))[0]?.overAt).toBeGreaterThan(0)
  expect(await endTold([noticeKey('mail')])).toBe(0)
  expect(await tell('Mail waits', { key: 'mail' })).not.toBeNull()
  expect(await titles()).toEqual(['Mail waits', 'Mail waits'])
})

test('one who hides them sees none until they bring them back; what is read stays read', async () => {
  await tell('one')
  expect(await hideSystem(anna.agentId, true)).toBe(true)
  expect(await hideSystem(anna.agentId, true)).toBe(false)
  expect([(await systemStanding(anna.agentId)).hidden, (await systemStanding(dora.agentId)).hidden]).toEqual([
    true,
    false,
  ])
  await readSystem(anna.agentId, await newestAt())
  await hideSystem(anna.agentId, false)
  expect(await systemStanding(anna.agentId)).toMatchObject({ hidden: false, unread: 0 })
})

test('unread is counted to a hundred', async () => {
  await write(async (tx) => {
    for (let n = 0; n < 103; n++) await tellAgentsInside(tx, { kind: 'notice', title: `${n}` })
  })
  expect(await unread(anna)).toBe(100)
})

test.each([
  [{ title: ' ' }, 'text_missing'],
  [{ title: 'x'.repeat(201) }, 'text_too_long'],
  [{ title: 'a\0b' }, 'text_invalid'],
  [{ title: 'a', body: 7 }, 'text_missing'],
  [{ title: 'a', body: 'x'.repeat(4001) }, 'text_too_long'],
  [{ title: 'a', link: 'javascript:alert(1)' }, 'settings_invalid'],
  [{ title: 'a', link: '//evil.example' }, 'settings_invalid'],
  [{ title: 'a', link: '/\\evil.example' }, 'settings_invalid'],
  [{ title: 'a', link: 'https://a b' }, 'settings_invalid'],
  [{ title: 'a', key: 'x'.repeat(201) }, 'settings_invalid'],
  [{ title: 'a', key: { a: 1 } }, 'settings_invalid'],
])('%j is not told', async (told, code) => {
  expect(await refusalOf(tellAgents({ kind: 'notice', ...told }))).toBe(code)
  expect(await titles()).toEqual([])
})

test('an upgrade is told once, with both versions, and a new store or an older program is told nothing', async () => {
  // The house was opened on a new store: that is where it began.
  expect(await titles()).toEqual([])
  await tellOfUpgrade('7.1.0')
  await tellOfUpgrade('7.1.0')
  expect((await listSystem(null, 9)).map(({ code, values }) => [code, values?.version])).toEqual([
    ['upgraded', '7.1.0'],
  ])
  await tellOfUpgrade('7.0.9')
  expect(await titles()).toEqual(['upgraded'])
  await tellOfUpgrade('7.10.0')
  expect((await listSystem(null, 1))[0]?.values).toEqual({ version: '7.10.0', before: '7.0.9' })
})

test('a disk that runs short is told once, and is over once there is room', async () => {
  const megabytes = (n: number) => async () => n * 1024 * 1024
  await lookAtDisk(megabytes(100))
  await lookAtDisk(megabytes(99))
  // Between little and enough nothing changes: it would flicker.
  await lookAtDisk(megabytes(600))
  expect((await listSystem(null, 9)).map(({ code, values, overAt }) => [code, values, overAt])).toEqual([
    ['disk_low', { megabytes: 100 }, null],
  ])
  await lookAtDisk(megabytes(5000))
  await lookAtDisk(megabytes(5000))
  expect((await listSystem(null, 9)).map(({ overAt }) => overAt !== null)).toEqual([true])
  expect(await endTold([diskKeys.low])).toBe(0)
})

test('a store that took no writes is told of once it takes them again, as over', async () => {
  setStoreMode('full')
  setStoreMode('ok')
  await eventually(async () => (await listSystem(null, 9)).map(({ overAt }) => overAt !== null), [true])
  expect(await titles()).toEqual(['disk_full'])
})

test('jobs that were given up are told once for each name until they are seen to', async () => {
  const dead = (job: string) => publish('job.dead', { job, id: newId(), error: 'refused' })
  dead('mail.copy')
  dead('mail.copy')
  dead('webhook')
  await eventually(async () => (await titles()).toSorted((a, b) => (a < b ? -1 : 1)), ['job_dead', 'mail_dead'])
  await endTold([deadKey('mail.copy')])
  dead('mail.copy')
  await eventually(async () => (await titles()).length, 3)
})

test('jobs that were given up are over once somebody has seen to the last of them, and the next is told again', async () => {
  const [one, other, next] = [newId(), newId(), newId()]
  const dead = { job: 'webhook', payload: {}, createdAt: 1, dueAt: 1, attempts: 9, deadAt: 1 }
  const lie = (...ids: string[]) => write((tx) => tx.insert(outbox).values(ids.map((id) => ({ ...dead, id }))))
  await lie(one, other)
  const tell = () => publish('job.dead', { job: 'webhook', id: one, error: 'refused' })
  const standing = async () => (await listSystem(null, 50)).map(({ code, overAt }) => `${code} ${overAt === null}`)
  tell()
  await eventually(standing, ['job_dead true'])
  await tryAgain(['webhook'], one)
  tell()
  await tryAgain(['webhook'], other)
  await eventually(standing, ['job_dead false'])
  await lie(next)
  tell()
  await eventually(standing, ['job_dead true', 'job_dead false'])
  await write((tx) => tx.delete(outbox))
})
