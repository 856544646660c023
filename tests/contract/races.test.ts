import { afterAll, beforeAll, expect, test } from 'bun:test'
import { eq } from 'drizzle-orm'
import {
  append,
  conversationToChange,
  findConversation,
  finishConversation,
  takeConversation,
} from '../../src/features/conversations/index.ts'
import { conversations } from '../../src/features/conversations/schema.ts'
import { readAll, sendMessage } from '../../src/features/messages/index.ts'
import { reads } from '../../src/features/messages/schema.ts'
import { write, writeLocking } from '../../src/platform/db/write.ts'
import { refuse } from '../../src/platform/lib/refuse.ts'
import { publish } from '../../src/platform/live/bus.ts'
import { newVisitor } from '../support/cast.ts'
import { turn } from './listen.ts'
import { logFaults, readStored, type Stored } from './log-faults.ts'
import { type Ground, openGround, type RaceName, raceNames, runRace, verbs } from './races.ts'

let ground: Ground

beforeAll(async () => {
  ground = await openGround(19)
})
afterAll(() => ground.close())

test.each(raceNames)(
  'sixteen at once in %s leave nothing wrong',
  async (race) => {
    expect((await runRace(ground, race, 25)).violations).toEqual([])
  },
  120_000,
)

type Verbs = typeof verbs

const takeAnyway: Verbs['takeConversation'] = ({ agentId }, id) =>
  write(async (tx) => {
    await tx.update(conversations).set({ state: 'active', agentId }).where(eq(conversations.id, id))
    return (await findConversation(id, tx))!
  })

const blameOneself: Verbs['takeConversation'] = (agent, id) =>
  takeConversation(agent, id).catch(() => Promise.reject(refuse('conversation_taken', { by: agent.name })))

const writeAfterTheEnd: Verbs['sendMessage'] = (actor, { clientId, body, conversationId }) =>
  writeLocking(async (tx) => {
    const text = { clientId: String(clientId), kind: 'text', body: String(body), public: true } as const
    const author = { authorKind: actor.kind, authorId: actor.kind === 'agent' ? actor.agentId : actor.visitorId }
    const { message } = await append(tx, await conversationToChange(tx, conversationId ?? ''), { ...author, ...text })
    return { clientId: text.clientId, conversationId: message.conversationId, seq: message.seq, at: message.at }
  })

const promiseTooMuch: Verbs['sendMessage'] = async (actor, message) => {
  const ack = await sendMessage(actor, message)
  return { ...ack, seq: ack.seq + 1 }
}

const forgetWho: Verbs['sendMessage'] = (_, message) => sendMessage(newVisitor(ground.site.id), message)

const hurry: Verbs['sendMessage'] = async (actor, message) => {
  if (String(message.clientId).endsWith('0')) await turn()
  return sendMessage(actor, message)
}

let copies = 0
const makeCopies: Verbs['sendMessage'] = (actor, message) =>
  sendMessage(actor, { ...message, clientId: `copy-${++copies}` })

const setMark: Verbs['readUpTo'] = async (actor, { conversationId, seq }) => {
  if (actor.kind !== 'agent') return
  const mark = { conversationId, readerKind: 'agent', readerId: actor.agentId, seq: seq as number, at: 1 } as const
  const target = [reads.conversationId, reads.readerKind, reads.readerId]
  await write(async (tx) => {
    await tx
      .insert(reads)
      .values(mark)
      .onConflictDoUpdate({ target, set: { seq: mark.seq } })
  })
}

const forgetMarks: Verbs['undoReadAll'] = ({ agentId }) =>
  write(async (tx) => {
    const gone = await tx.delete(reads).where(eq(reads.readerId, agentId)).returning()
    return gone.length
  })

// What a hurried hand might write, and what has to be said of it.
const mistakes: [string, RaceName, Partial<Verbs>, RegExp][] = [
  ['a take that asks nobody', 'take/take', { takeConversation: takeAnyway }, /16 agents were told that they have it/],
  ['a refusal with the wrong name', 'take/take', { takeConversation: blameOneself }, /the others were told/],
  ['a text after the end', 'send/finish', { sendMessage: writeAfterTheEnd }, /a text of the .* cannot follow/],
  ['an ack for what is not there', 'send/finish', { sendMessage: promiseTooMuch }, /does not stand there/],
  ['a sender who is forgotten', 'first-send/first-send', { sendMessage: forgetWho }, /0 conversations were opened/],
  ['an order that is left to chance', 'first-send/first-send', { sendMessage: hurry }, /another message stands at/],
  ['copies that are all kept', 'same clientId twice', { sendMessage: makeCopies }, /16 copies are kept/],
  ['a mark that is lowered', 'read/read-all', { readUpTo: setMark }, /a mark stands at/],
  ['an undo that forgets what was read', 'read/read-all/undo', { undoReadAll: forgetMarks }, /a mark is back at 0/],
  ['an undo that does nothing', 'read/read-all/undo', { undoReadAll: async () => 0 }, /a mark is back at/],
  [
    'a mark that is left out',
    'read/read-all',
    { readAll: (who, ids) => readAll(who, ids.slice(1)) },
    /a mark stands at/,
  ],
]

test.each(mistakes)('%s is found out by %s', async (_, race, broken, complaint) => {
  const { violations } = await runRace({ ...ground, verbs: { ...verbs, ...broken } }, race, 5)
  expect(violations.filter((one) => complaint.test(one)).length).toBeGreaterThan(0)
})

test('what is told twice, or too late, is found out', async () => {
  const { summary, log } = await aStory()
  await ground.told.faults()
  const marked = { conversationId: summary.id, siteId: '', visitorId: '', readerKind: 'agent', readerId: '' } as const
  for (const message of log.toSpliced(2, 1)) publish('entry.added', { message, conversation: summary })
  for (const seq of [3, 2]) publish('read.marked', { ...marked, seq })
  expect(await ground.told.faults()).toEqual(['entry 4 was told of after 2', 'a mark at 2 was told of after 3'])
})

/** A visitor writes, Agent0 takes, finishes, and the visitor writes again. */
async function aStory(): Promise<Stored> {
  const boris = newVisitor(ground.site.id)
  const { conversationId } = await sendMessage(boris, { clientId: 'one', body: 'one' })
  await takeConversation(ground.agents[0]!, conversationId)
  await finishConversation(ground.agents[0]!, conversationId)
  await sendMessage(boris, { clientId: 'two', body: 'two' })
  return readStored(conversationId)
}

type Change = (stored: Stored) => Partial<Stored>
const without =
  (seq: number): Change =>
  ({ log }) => ({ log: log.filter((entry) => entry.seq !== seq) })
const summary =
  (wrong: Partial<Stored['summary']>): Change =>
  ({ summary }) => ({ summary: { ...summary, ...wrong } })
const entry =
  (seq: number, wrong: Partial<Stored['log'][number]>): Change =>
  ({ log }) => ({ log: log.map((one) => (one.seq === seq ? { ...one, ...wrong } : one)) })

test.each<[string, Change]>([
  ['entry 2 has the seq 3', without(2)],
  ['lastSeq is 5, the log says 4', without(5)],
  ['entry 5, a text of the visitor, cannot follow while finished', without(4)],
  ['entry 2, taken, cannot follow while active', ({ log }) => ({ log: log.with(0, { ...log[1]!, seq: 1 }) })],
  ['entry 3 follows 2, not 1', entry(3, { publicBefore: 2 })],
  ['entry 4 is older than the one before it', entry(4, { at: 7 })],
  ['state is active, the log says waiting', summary({ state: 'active' })],
  ['agentId is somebody, the log says null', summary({ agentId: 'somebody' })],
  ['lastText is three, the log says two', summary({ lastText: 'three' })],
  ['it waits since null while waiting', summary({ waitingSince: null })],
  [
    'the store holds "active by somebody since 2", the log says ""',
    () => ({ takes: [{ agentId: 'somebody', seq: 2 }] }),
  ],
])('the log is held against what the store says besides: %s', async (fault, change) => {
  const stored = await aStory()
  expect(logFaults(stored)).toEqual([])
  expect(logFaults({ ...stored, ...change(stored) })).toContain(fault)
})
