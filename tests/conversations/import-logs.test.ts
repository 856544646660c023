import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { eq } from 'drizzle-orm'
import {
  type AgentActor,
  type Deed,
  finishConversation,
  messages,
  reopenConversation,
  takeConversation,
} from '../../src/features/conversations/index.ts'
import { closures, conversations, takes } from '../../src/features/conversations/schema.ts'
import { type HadRead, importHistories, readUpTo, sendMessage } from '../../src/features/messages/index.ts'
import { reads } from '../../src/features/messages/schema.ts'
import { createSite, type SiteRow } from '../../src/features/sites/index.ts'
import { importVisitors, type VisitorActor } from '../../src/features/visitors/index.ts'
import { db } from '../../src/platform/db/open.ts'
import { write } from '../../src/platform/db/write.ts'
import { holdClock } from '../../src/platform/lib/clock.ts'
import { newId } from '../../src/platform/lib/id.ts'
import { on } from '../../src/platform/live/bus.ts'
import { hire, newVisitor } from '../support/cast.ts'
import { openFreshStore } from '../support/store.ts'
import { openSecretKey } from '../../src/platform/lib/secret-key.ts'
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { tmpdir } from 'node:os'

let close: () => Promise<void>
let keyFolder: string
let site: SiteRow
let anna: AgentActor
let dmitri: AgentActor

beforeAll(async () => {
  close = await openFreshStore()
  keyFolder = mkdtempSync(join(tmpdir(), 'kontuar-key-'))
  openSecretKey(keyFolder)
  anna = await hire('Anna')
  dmitri = await hire('Dmitri')
})
beforeEach(async () => {
  site = await write((tx) => createSite(tx, { name: 'Water', greeting: 'Hello! How can we help?' }))
})
afterAll(async () => {
  holdClock()
  await close()
  rmSync(keyFolder, { recursive: true })
})

const start = Date.UTC(2026, 0, 5, 9)

/** A small generator, so that a log that goes wrong can be had again. */
function chanceOf(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

/** What a visitor and two agents might do one after another, and what they have read in between. */
function scene(seed: number): { deeds: Deed[]; reads: HadRead[] } {
  const below = chanceOf(seed)
  const deeds: Deed[] = [
    { does: 'greet', body: 'Hello! How can we help?', at: start },
    {
      does: 'write',
      by: 'visitor',
      clientId: 'v0',
      body: 'Is it late?',
      page: { url: 'https://a.example/' },
      at: start,
    },
  ]
  let [at, holder, finished]: [number, AgentActor | null, boolean] = [start, null, false]
  for (let n = 1; n < 30; n++) {
    at += below(3) * 1000
    const agent: AgentActor = holder ?? [anna, dmitri][below(2)] ?? anna
    const key = `s${seed}n${n}`
    const does = below(7)
    if (does <= 1) {
      deeds.push({
        does: 'write',
        by: 'visitor',
        clientId: `v${n}`,
        body: `${'да, '.repeat(below(90))}${n}`,
        page: null,
        at,
      })
      if (finished) [holder, finished] = [null, false]
    } else if (does <= 3 && !finished) {
      deeds.push({ does: 'write', by: agent, clientId: key, body: `Answer ${n} 🙂`, at })
      holder ??= agent
    } else if (does === 4 && !finished) {
      deeds.push({ does: 'take', by: agent, at })
      holder ??= agent
    } else if (does === 5) {
      deeds.push({ does: 'finish', by: [anna, dmitri][below(2)] ?? anna, at })
      ;[holder, finished] = [null, true]
    } else if (does === 6) {
      deeds.push({ does: 'reopen', by: agent, at })
      if (finished) [holder, finished] = [agent, false]
    }
  }
  const mayRead: HadRead['by'][] = ['visitor', anna, dmitri]
  return {
    deeds,
    reads: mayRead.filter(() => below(3) > 0).map((by) => ({ by, at: start + below(at - start + 2000) })),
  }
}

/** Does it all through the doors that people use, the clock held at each deed. */
async function perform(visitor: VisitorActor, { deeds, reads }: ReturnType<typeof scene>): Promise<string> {
  let conversationId = ''
  for (const [place, deed] of deeds.entries()) {
    holdClock(() => deed.at)
    if (deed.does === 'write') {
      const { clientId, body, page = null, by } = deed
      const actor = by === 'visitor' ? visitor : by
      const to = conversationId === '' ? null : conversationId
      conversationId = (await sendMessage(actor, { clientId, body, page, conversationId: to })).conversationId
    } else if (deed.does === 'take') await takeConversation(deed.by, conversationId)
    else if (deed.does === 'finish') await finishConversation(deed.by, conversationId)
    else if (deed.does === 'reopen') await reopenConversation(deed.by, conversationId)
    // Whoever reads at a moment reads what was there once everything of that moment was done.
    for (const { by, at } of reads) {
      if (conversationId === '' || at < deed.at || at >= (deeds[place + 1]?.at ?? Infinity)) continue
      holdClock(() => at)
      const seen = (await log(conversationId)).filter((entry) => entry.public || by !== 'visitor').at(-1)?.seq ?? 0
      await readUpTo(by === 'visitor' ? visitor : by, { conversationId, seq: seen })
    }
  }
  holdClock()
  return conversationId
}

const log = (id: string) => db.select().from(messages).where(eq(messages.conversationId, id)).orderBy(messages.seq)

/** Every row there is about a conversation. Ids that must differ, and agents' own keys, are taken out. */
async function everything(id: string, visitorId: string): Promise<unknown> {
  const about = {
    conversation: await db.select().from(conversations).where(eq(conversations.id, id)),
    log: await log(id),
    takes: await db.select().from(takes).where(eq(takes.conversationId, id)),
    closures: await db.select().from(closures).where(eq(closures.conversationId, id)),
    reads: await db.select().from(reads).where(eq(reads.conversationId, id)).orderBy(reads.readerKind, reads.readerId),
  }
  return JSON.parse(
    JSON.stringify(about).replaceAll(id, 'CONVERSATION').replaceAll(visitorId, 'VISITOR').replaceAll('imported-', ''),
  )
}

async function comes(): Promise<VisitorActor> {
  const visitor = newVisitor(site.id)
  await write((tx) =>
    importVisitors(tx, [{ id: visitor.visitorId, siteId: site.id, createdAt: start, contactId: null }]),
  )
  return visitor
}

const renamed = (deed: Deed): Deed =>
  deed.does === 'write' && deed.by !== 'visitor' ? { ...deed, clientId: `imported-${deed.clientId}` } : deed

test.each(Array.from({ length: 60 }, (_, seed) => seed + 1))(
  'scene %i leaves the same rows, brought in as it would have been lived through',
  async (seed) => {
    const played = scene(seed)
    const lived = newVisitor(site.id)
    const livedId = await perform(lived, played)
    const { visitorId } = await comes()
    const id = newId()
    await write((tx) => importHistories(tx, [{ ...played, id, visitorId, deeds: played.deeds.map(renamed) }]))
    expect(await everything(id, visitorId)).toEqual(await everything(livedId, lived.visitorId))
  },
)

test('the scenes have taken conversations through every state, by visitors and by agents', () => {
  const done = Array.from({ length: 60 }, (_, seed) => scene(seed + 1).deeds).flat()
  for (const does of ['take', 'finish', 'reopen'] as const)
    expect(done.filter((deed) => deed.does === does).length).toBeGreaterThan(20)
})

describe('a log that could not have come about is refused as a whole:', () => {
  const hello: Deed = { does: 'write', by: 'visitor', clientId: 'h', body: 'Hello', at: start }
  const greeting: Deed = { does: 'greet', body: 'Hello!', at: start }
  const stranger: AgentActor = { kind: 'agent', agentId: newId(), name: 'Nobody' }
  const by = (agent: () => AgentActor, deed: object) => () => ({ by: agent(), at: start, ...deed }) as Deed
  const cases: [string, string, (() => Deed)[]][] = [
    ['nothing at all', 'bad_request', []],
    ['a greeting alone', 'bad_request', [() => greeting]],
    ['an agent who begins', 'bad_request', [by(() => anna, { does: 'write', clientId: 'x', body: 'Hi' })]],
    ['a greeting in the middle', 'bad_request', [() => hello, () => greeting]],
    ['going back in time', 'bad_request', [() => hello, () => ({ ...hello, clientId: 'i', at: start - 1 })]],
    ['a time that is none', 'bad_request', [() => ({ ...hello, at: Number.NaN })]],
    ['an agent nobody knows', 'bad_request', [() => hello, by(() => stranger, { does: 'take' })]],
    [
      'an answer after the end',
      'conversation_finished',
      [() => hello, by(() => anna, { does: 'finish' }), by(() => anna, { does: 'write', clientId: 'x', body: 'Hi' })],
    ],
    [
      'a take after the end',
      'conversation_finished',
      [() => hello, by(() => anna, { does: 'finish' }), by(() => anna, { does: 'take' })],
    ],
    [
      'two who have it',
      'conversation_taken',
      [() => hello, by(() => anna, { does: 'take' }), by(() => dmitri, { does: 'take' })],
    ],
    ['an empty text', 'text_missing', [() => ({ ...hello, body: ' \n' })]],
    ['a text with a NUL', 'text_invalid', [() => ({ ...hello, body: 'a\0' })]],
    ['a text that is too long', 'text_too_long', [() => ({ ...hello, body: 'x'.repeat(8001) })]],
    ['a key that is none', 'client_id_invalid', [() => ({ ...hello, clientId: 'a b' })]],
  ]
  test.each(cases)('%s (%s)', async (_, code, deeds) => {
    const { visitorId } = await comes()
    const [good, bad] = [newId(), newId()]
    const other = await comes()
    const both = [
      { id: good, visitorId: other.visitorId, deeds: [hello], reads: [] },
      { id: bad, visitorId, deeds: deeds.map((make) => make()), reads: [] },
    ]
    await expect(write((tx) => importHistories(tx, both))).rejects.toMatchObject({ code })
    expect(await log(good)).toEqual([])
    await write((tx) => importHistories(tx, both.slice(0, 1)))
    expect(await log(good)).toHaveLength(1)
  })

  test('a visitor nobody knows', async () => {
    const history = { id: newId(), visitorId: newId(), deeds: [hello], reads: [] }
    await expect(write((tx) => importHistories(tx, [history]))).rejects.toMatchObject({ code: 'bad_request' })
  })

  test('a reader who came before there was anything to read, and one nobody knows', async () => {
    const { visitorId } = await comes()
    const history = { id: newId(), visitorId, deeds: [hello] }
    for (const read of [
      { by: anna, at: start - 1 },
      { by: stranger, at: start },
      { by: anna, at: Number.NaN },
    ]) {
      const refused = write((tx) => importHistories(tx, [{ ...history, reads: [read] }]))
      await expect(refused).rejects.toMatchObject({ code: 'bad_request' })
    }
  })

  test('two open conversations of one visitor, and a key that was used before', async () => {
    const { visitorId } = await comes()
    const one = { id: newId(), visitorId, deeds: [hello], reads: [] }
    const open = { ...one, id: newId(), deeds: [{ ...hello, clientId: 'other' } as Deed] }
    await expect(write((tx) => importHistories(tx, [one, open]))).rejects.toThrow()
    await write((tx) => importHistories(tx, [one]))
    const { visitorId: other } = await comes()
    const reused = { by: anna, clientId: `used-${visitorId}`, body: 'Hi', at: start, does: 'write' } as const
    const answered = (id: string) => ({ ...one, id: newId(), visitorId: id, deeds: [hello, reused] })
    await write((tx) => importHistories(tx, [answered(other)]))
    const { visitorId: third } = await comes()
    await expect(write((tx) => importHistories(tx, [answered(third)]))).rejects.toThrow()
  })
})

test('nobody is told of what is brought in', async () => {
  const heard: string[] = []
  on('entry.added', ({ message }) => heard.push(message.conversationId))
  const { visitorId } = await comes()
  const id = newId()
  const deeds: Deed[] = [{ does: 'write', by: 'visitor', clientId: 'q', body: 'Hello', at: start }]
  await write((tx) => importHistories(tx, [{ id, visitorId, deeds, reads: [] }]))
  const { conversationId } = await sendMessage(newVisitor(site.id), { clientId: 'z', body: 'Hello' })
  await new Promise<void>((resolve) => setImmediate(() => setImmediate(resolve)))
  expect(heard).toContain(conversationId)
  expect(heard).not.toContain(id)
})
