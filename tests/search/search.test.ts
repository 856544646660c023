import { afterAll, beforeAll, expect, test } from 'bun:test'
import { SQL } from 'bun'
import { Database } from 'bun:sqlite'
import { closeSync, existsSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type AgentActor,
  type Deed,
  finishConversation,
  takeConversation,
} from '../../src/features/conversations/index.ts'
import { importHistories, sendMessage } from '../../src/features/messages/index.ts'
import { findMessages } from '../../src/features/search/find-messages.ts'
import { findPeople, searchMessages } from '../../src/features/search/index.ts'
import { indexLogs, type ToIndex } from '../../src/features/search/index-logs.ts'
import { importVisitors, introduceVisitor, type VisitorActor } from '../../src/features/visitors/index.ts'
import { dialect } from '../../src/platform/db/dialect.ts'
import { db } from '../../src/platform/db/open.ts'
import { write } from '../../src/platform/db/write.ts'
import { searchInDatabase } from '../../src/platform/db/postgres/search.ts'
import { SearchFile } from '../../src/platform/db/search/search-file.ts'
import type { Doc, Hit, SearchIndex } from '../../src/platform/db/search/search-index.ts'
import { newId } from '../../src/platform/lib/id.ts'
import { ApiClient } from '../support/api-client.ts'
import { hire, newVisitor } from '../support/cast.ts'
import { openHouse, type TestHouse } from '../support/house.ts'
import { freshDatabase } from '../support/postgres.ts'
import { eventually } from '../support/waiting.ts'

let house: TestHouse
let anna: AgentActor

beforeAll(async () => {
  house = await openHouse({ 'no-limits': true })
  anna = await hire('Anna')
})
afterAll(() => house.close())

let sent = 0
const say = (actor: VisitorActor | AgentActor, body: string, conversationId: string | null = null) =>
  sendMessage(actor, { clientId: `s${++sent}`, body, conversationId })

const found = async (query: string) =>
  (await searchMessages(query, null, 50)).messages.map(({ pieces }) => pieces.map(({ text }) => text).join(''))

test('what was said is found within a moment in any form, whoever said it and whatever became of it, the newest first', async () => {
  const boris = newVisitor(house.site.id)
  const { conversationId } = await say(boris, 'Когда привезёте доставку?')
  await eventually(() => found('доставка'), ['Когда привезёте доставку?'])
  await say(anna, 'Доставки сегодня до шести', conversationId)
  await say(boris, 'Спасибо', conversationId)
  await finishConversation(anna, conversationId)
  const clara = newVisitor(house.site.id)
  await say(clara, 'Nie ma dostawy')
  await eventually(() => found('доставкой'), ['Доставки сегодня до шести', 'Когда привезёте доставку?'])
  await eventually(() => found('dostawa'), ['Nie ma dostawy'])
  const { messages } = await searchMessages('ДОСТАВКА', null, 1)
  expect(messages[0]).toMatchObject({ authorKind: 'agent', conversation: { id: conversationId, state: 'finished' } })
})

test('what is said is found while others go on talking', async () => {
  const [boris, clara] = [newVisitor(house.site.id), newVisitor(house.site.id)]
  await say(boris, 'unceasing question')
  const giveUpAt = performance.now() + 20_000
  let isFound = false
  while (!isFound && performance.now() < giveUpAt) {
    await say(clara, 'chatter')
    isFound = (await found('unceasing')).length > 0
  }
  expect(isFound).toBe(true)
})

test('words that nobody could have typed keep nothing else from being found', async () => {
  const boris = newVisitor(house.site.id)
  for (const body of [
    `a${'𠀀'.repeat(30)}`,
    'y'.repeat(8000),
    `${'a\u0301'.repeat(2000)}x`,
    '١٢٣ שלום مرحبا',
    '👩‍👩‍👧 \ufffd',
  ])
    await say(boris, body)
  await say(boris, 'Whatever comes afterwards')
  await eventually(() => found('afterwards'), ['Whatever comes afterwards'])
  await eventually(() => found('مرحبا'), ['١٢٣ שלום مرحبا'])
})

test('a page ends where the next one begins, and none is left out or comes twice', async () => {
  const visitor = newVisitor(house.site.id)
  for (let n = 0; n < 7; n++) await say(visitor, `paging number ${n}`)
  await eventually(async () => (await found('paging')).length, 7)
  const pages: string[] = []
  for (let before: number | null = null; ; ) {
    const { messages, next } = await searchMessages('paging', before, 3)
    pages.push(...messages.map(({ seq }) => `${seq}`))
    if (next === null) break
    before = next
  }
  expect(pages).toEqual(['7', '6', '5', '4', '3', '2', '1'])
})

test.each([
  '"',
  '*',
  'OR',
  'a" OR "b',
  'NEAR(доставка спасибо)',
  '-спасибо',
  'words:спасибо',
  '{',
  '^',
  "'; DROP TABLE x",
  ')',
])('an operator is what it says, or nothing: %j', async (query) => {
  expect(await found(`${query} wordthatnobodyhassaid`)).toEqual([])
  expect((await found(query)).length).toBeLessThan(50)
})

test('forms and addresses are found by what was filled in', async () => {
  const form = { name: 'Ольга Ильинична', phone: '+7 916 123-45-67', topic: 'Кулер', consent: true }
  await sendMessage(newVisitor(house.site.id), { clientId: `s${++sent}`, kind: 'feedback', body: 'не греет', form })
  for (const query of ['кулеры', 'Ильинична', '916 123-45-67'])
    await eventually(async () => (await found(query)).length, 1)
  const visitor = newVisitor(house.site.id)
  await say(visitor, 'hello')
  await sendMessage(visitor, { clientId: `s${++sent}`, kind: 'email', body: 'boris.the.bear@mail.example' })
  await eventually(async () => (await found('bear@mail.example')).length, 1)
})

test('clients are found by name, phone and e-mail, with what was said last', async () => {
  const marina = newVisitor(house.site.id)
  const { conversationId } = await say(marina, 'здравствуйте')
  await write((tx) =>
    introduceVisitor(tx, marina.visitorId, {
      name: 'Марина Фёдорова',
      email: 'marina@water.example',
      phone: '+7 921 000-01-48',
    }),
  )
  for (const query of ['марина федор', 'marina@water', '+7 921 000'])
    expect((await findPeople(query)).map(({ contact, conversation }) => [contact.name, conversation?.id])).toEqual([
      ['Марина Фёдорова', conversationId],
    ])
  expect(await findPeople('nobody at all')).toEqual([])
})

test('clients are found by what the shop calls them, and by the number of an order, before they have written', async () => {
  const api = await ApiClient.of(house.url, 'Clara')
  await api.put('contacts/K-1042', { name: 'Игнат' })
  const order = { contact: 'K-1042', number: 'А-77310', placedAt: '2026-11-20T08:00:00Z' }
  const kept = await api.put('orders/o-1', { ...order, currency: 'RUB', sumMinor: 100, status: 'Новый' })
  expect(kept.status).toBe(201)
  for (const query of ['K-1042', 'k-10', 'А-77310', 'а77310', 'а-773'])
    expect([query, (await findPeople(query)).map(({ contact, conversation }) => [contact.name, conversation])]).toEqual(
      [query, [['Игнат', null]]],
    )
  expect(await findPeople('77311')).toEqual([])
})

/** An index in memory that says how it is asked, in the place of either store's. */
function memoryIndex(): SearchIndex & { docs: Doc[] } {
  let reached = new Map<string, number>()
  let mark = ''
  const index = {
    docs: [] as Doc[],
    async open(name: string) {
      if (name !== mark) await index.clear()
      mark = name
    },
    reached: async (logs: readonly string[]) =>
      new Map(logs.flatMap((id) => (reached.has(id) ? [[id, reached.get(id) ?? 0]] : []))),
    async take(docs: readonly Doc[], upTo: ReadonlyMap<string, number>) {
      index.docs.push(...docs)
      for (const [id, seq] of upTo) reached.set(id, seq)
    },
    find: async (): Promise<Hit[]> => index.docs.map(({ log, seq, at }) => ({ log, seq, place: at })),
    logs: async () => reached.size,
    async clear() {
      index.docs = []
      reached = new Map()
    },
  }
  return index
}

async function takeInAll(index: SearchIndex, from: ToIndex): Promise<number> {
  let goes = 0
  for (let left: ToIndex | null = from; left !== null; goes++) left = (await indexLogs.run(db, left, index)).left
  return goes
}

test('the index takes in each entry once, from where it was left, and heals whatever it missed', async () => {
  const index = memoryIndex()
  const visitor = newVisitor(house.site.id)
  const { conversationId } = await say(visitor, 'first words')
  await takeInAll(index, { mark: 'one', before: null })
  const whole = index.docs.length
  expect(whole).toBeGreaterThan(0)
  await takeInAll(index, { mark: 'one', before: null })
  expect(index.docs.length).toBe(whole)
  await say(visitor, 'second words')
  await takeInAll(index, { mark: 'one', ids: [conversationId, conversationId, 'unknown'] })
  expect(index.docs.slice(whole).map(({ log, seq }) => [log, seq])).toEqual([[conversationId, 2]])
  await takeInAll(index, { mark: 'another', before: null })
  expect(index.docs.length).toBe(whole + 1)
  const { messages } = await findMessages.run(db, { mark: 'another', query: 'words', before: null, limit: 5000 }, index)
  expect(messages.length).toBe(whole + 1)
})

test('an index that knows more than the store is another store’s, and is emptied', async () => {
  const index = memoryIndex()
  const { conversationId } = await say(newVisitor(house.site.id), 'restored from a backup')
  await index.open('one')
  await index.take([], new Map([[conversationId, 99]]))
  await expect(takeInAll(index, { mark: 'one', ids: [conversationId] })).rejects.toThrow('another store')
  expect(await index.logs()).toBe(0)
  await takeInAll(index, { mark: 'one', ids: [conversationId] })
  expect(index.docs).toHaveLength(1)
})

test('a log longer than one go is taken in over several, all of it', async () => {
  const index = memoryIndex()
  const [id, visitorId, at] = [newId(), newId(), Date.now()]
  const deeds = Array.from({ length: 1003 }, (_, n): Deed => {
    return { does: 'write', by: 'visitor', clientId: `long${n}`, body: `long ${n}`, at }
  })
  await write(async (tx) => {
    await importVisitors(tx, [{ id: visitorId, siteId: house.site.id, createdAt: at, contactId: null }])
    await importHistories(tx, [{ id, visitorId, deeds, reads: [] }])
  })
  await takeConversation(anna, id)
  expect(await takeInAll(index, { mark: 'one', ids: [id] })).toBeGreaterThan(1)
  expect(index.docs.map(({ seq }) => seq)).toEqual(Array.from({ length: 1003 }, (_, at) => at + 1))
}, 60_000)

test('what was said while nobody kept the index is found after the next start', async () => {
  await say(newVisitor(house.site.id), 'остались пустые бутыли')
  await eventually(async () => (await found('пустых бутылей')).length, 1)
  await house.reopen()
  expect(await found('пустая бутыль')).toEqual(['остались пустые бутыли'])
  if (dialect() === 'postgres') return
  const file = join(house.folder, 'search.db')
  expect(existsSync(file)).toBe(true)
})

if (dialect() === 'sqlite') {
  test('an index that turns out to be damaged while somebody looks for something is made anew, all of it', async () => {
    const path = join(house.folder, 'search.db')
    const sqlite = new Database(path)
    sqlite.run('PRAGMA wal_checkpoint(TRUNCATE)')
    const [at] = sqlite
      .query<{ page: number; size: number }, []>(
        "SELECT rootpage AS page, page_size AS size FROM sqlite_schema, pragma_page_size WHERE name = 'words_data'",
      )
      .all()
    const { page, size } = at!
    const file = openSync(path, 'r+')
    writeSync(file, new Uint8Array(size).fill(0xff), 0, size, (page - 1) * size)
    closeSync(file)
    // Whoever has it open reads it anew after a write.
    sqlite.run('UPDATE meta SET mark = mark')
    sqlite.close()
    await expect(found('пустая бутыль')).rejects.toThrow()
    await eventually(() => found('пустая бутыль'), ['остались пустые бутыли'])
    await house.close()
  })
}

if (dialect() === 'sqlite') {
  test('a damaged file is thrown away and made anew, and so is one of another store', async () => {
    const path = join(await (await import('node:fs/promises')).mkdtemp('/tmp/kontuar-search-'), 'search.db')
    await Bun.write(path, 'this is no database, but long enough to be taken for one'.repeat(100))
    const file = new SearchFile(path)
    await file.open('one')
    const doc = { log: 'a', seq: 1, at: Date.UTC(2026, 1, 1), words: ['вод', 'нов'] }
    await file.take([doc, { ...doc, seq: 2 }, { ...doc, seq: 3, at: doc.at + 60_000 }], new Map([['a', 3]]))
    const wanted = [{ stems: ['вод'], beginning: null }]
    expect((await file.find(wanted, null, 9)).map(({ seq }) => seq)).toEqual([3, 2, 1])
    expect((await file.find([...wanted, { stems: ['xx'], beginning: 'но' }], null, 1)).map(({ seq }) => seq)).toEqual([
      3,
    ])
    expect(await new SearchFile(path).reached(['a', 'b'])).toEqual(new Map([['a', 3]]))
    const other = new SearchFile(path)
    await other.open('two')
    expect(await other.logs()).toBe(0)
    expect(await other.find(wanted, null, 9)).toEqual([])
  })
}

if (dialect() === 'postgres') {
  test('those who come first to an index that is another store’s, all at once, make one and lose nothing', async () => {
    const database = await freshDatabase()
    const pool = new SQL(database.url, { max: 4 })
    await searchInDatabase(pool).open('one')
    const index = searchInDatabase(pool)
    const comers = ['a', 'b', 'c', 'd', 'e'].map(async (log) => {
      await index.open('two')
      await index.take(
        [{ log, seq: 1, at: Date.UTC(2026, 1, 1, 0, log.charCodeAt(0)), words: ['вод'] }],
        new Map([[log, 1]]),
      )
    })
    await Promise.all(comers)
    const found = await index.find([{ stems: ['вод'], beginning: null }], null, 9)
    expect(found.map(({ log }) => log)).toEqual(['e', 'd', 'c', 'b', 'a'])
    await pool.close()
    await database.drop()
  })
}

test('words that are rare, common or both are found among many thousands of entries, page by page, the newest first', async () => {
  const many = 25_000
  await using index = await emptyIndex()
  const wordsOf = (seq: number) => ['often', ...(seq % 6000 === 1 ? ['seldom'] : []), ...(seq === 1 ? ['once'] : [])]
  const docs = Array.from({ length: many }, (_, at) => ({
    ...{ log: 'a', seq: at + 1, words: wordsOf(at + 1) },
    at: Date.UTC(2026, 1, 1) + at * 1000,
  }))
  await index.take(docs, new Map([['a', many]]))
  const wanted = (...words: string[]) => words.map((word) => ({ stems: [word], beginning: null }))
  const pages = async (words: string[], limit: number, most: number) => {
    const seqs: number[][] = []
    let before: number | null = null
    while (seqs.length < most) {
      const hits = await index.find(wanted(...words), before, limit)
      if (hits.length === 0) break
      seqs.push(hits.map(({ seq }) => seq))
      before = hits.at(-1)?.place ?? null
    }
    return seqs
  }
  expect(await pages(['seldom'], 2, 9)).toEqual([[24_001, 18_001], [12_001, 6001], [1]])
  expect(await pages(['often', 'once'], 2, 9)).toEqual([[1]])
  expect(await pages(['never'], 2, 9)).toEqual([])
  const [first, second] = await pages(['often'], 12_000, 2)
  expect([first?.[0], first?.at(-1), second?.[0], second?.at(-1)]).toEqual([25_000, 13_001, 13_000, 1001])
  expect(new Set([...(first ?? []), ...(second ?? [])]).size).toBe(24_000)
})

/** An index of its own on the store of these tests, with nothing in it. */
async function emptyIndex(): Promise<SearchIndex & AsyncDisposable> {
  if (dialect() === 'sqlite') {
    const folder = mkdtempSync(join(tmpdir(), 'kontuar-search-'))
    const file = new SearchFile(join(folder, 'search.db'))
    await file.open('one')
    return Object.assign(file, {
      async [Symbol.asyncDispose]() {
        await file.clear()
        rmSync(folder, { recursive: true, force: true })
      },
    })
  }
  const database = await freshDatabase()
  const pool = new SQL(database.url, { max: 4 })
  const index = searchInDatabase(pool)
  await index.open('one')
  return Object.assign(index, {
    async [Symbol.asyncDispose]() {
      await pool.close()
      await database.drop()
    },
  })
}
