import type { DiskFull, HistoryEvent, Invoke, Reader, Seen, SinkCopy } from './history.ts'

/** A row of `messages` as the final database holds it. */
export type Row = {
  conversationId: string
  seq: number
  authorKind: 'visitor' | 'agent' | 'system'
  authorId: string | null
  clientId: string | null
  kind: 'text' | 'feedback' | 'event'
  body: string
  public: boolean
  publicBefore: number
}

/** A row that the reaction to `message.sent` left in the outbox. */
export type OutboxRow = { id: string; conversationId: string; seq: number }

/** What is told of a log beside it: the conversation's row, and whether it stands in `closures` and in `takes`. */
export type ConversationRow = {
  id: string
  state: 'waiting' | 'active' | 'finished'
  lastSeq: number
  lastPublicSeq: number
  closed: boolean
  taken: boolean
}

export type Final = { messages: Row[]; conversations: ConversationRow[]; outbox: OutboxRow[]; integrity: string }

export type Evidence = {
  history: readonly HistoryEvent[]
  final: Final
  readers: readonly Reader[]
  sink: readonly SinkCopy[]
}

export type CheckNumber = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10
export type Violation = { check: CheckNumber; text: string }

export type Figures = {
  invoked: number
  acknowledged: number
  kills: number
  lost: number
  doubled: number
  reordered: number
  refused: number
  unknown: number
  readers: number
  reopenings: number
  switches: number
  sinkCopies: number
  slowestReadyMs: number
}

export type Verdict = { violations: Violation[]; figures: Figures }

const readyWithinMs = 2000

/** Holds what was promised, said and seen against what is kept: the ten checks, each violation under its number. */
export function check(evidence: Evidence): Verdict {
  const sent = sentMessages(evidence.history)
  const kept = keptMessages(evidence.final)
  const violations: Violation[] = [
    ...okIsKeptOnce(sent, kept),
    ...fateAgreesWithAnswers(sent, kept),
    ...repeatsAreAcknowledged(evidence.history),
    ...seqIsGapless(kept),
    ...projectionsAgree(evidence.final, kept),
    ...readersSawTheLog(evidence.readers, kept),
    ...orderIsKept(evidence.history, sent, kept),
    ...seenSurvives(evidence.readers, kept),
    ...nothingUnsent(evidence, sent, kept),
    ...reactedOnce(evidence),
    ...diskFullWasSurvived(evidence.history),
    ...databaseIsWhole(evidence),
  ]
  return { violations, figures: figures(evidence, violations, sent, kept) }
}

type Ack = { conversationId: string; seq: number }

/** All attempts at one message, folded. */
type Sent = {
  first: Invoke
  at: number
  ackedAt: number
  acks: Ack[]
  refused: number
  unknown: number
  attempts: number
}

type Kept = { byClientId: Map<string, Row[]>; logs: Map<string, Row[]> }

function sentMessages(history: readonly HistoryEvent[]): Map<string, Sent> {
  const sent = new Map<string, Sent>()
  for (const [at, event] of history.entries()) {
    if (event.type === 'invoke') {
      const known = sent.get(event.clientId)
      if (known) known.attempts++
      else
        sent.set(event.clientId, { first: event, at, ackedAt: Infinity, acks: [], refused: 0, unknown: 0, attempts: 1 })
    }
    if (event.type === 'ok') {
      const message = sent.get(event.clientId)!
      message.acks.push(event)
      message.ackedAt = Math.min(message.ackedAt, at)
    }
    if (event.type === 'refused') sent.get(event.clientId)!.refused++
    if (event.type === 'unknown') sent.get(event.clientId)!.unknown++
  }
  return sent
}

function keptMessages({ messages }: Final): Kept {
  const byClientId = Map.groupBy(
    messages.filter(({ clientId }) => clientId !== null),
    ({ clientId }) => clientId!,
  )
  const logs = Map.groupBy(messages, ({ conversationId }) => conversationId)
  for (const log of logs.values()) log.sort((a, b) => a.seq - b.seq)
  return { byClientId, logs }
}

function* okIsKeptOnce(sent: Map<string, Sent>, { byClientId }: Kept): Iterable<Violation> {
  for (const [clientId, { first, acks }] of sent) {
    const rows = byClientId.get(clientId) ?? []
    const [ack] = acks
    if (!ack) continue
    if (rows.length === 0) yield { check: 1, text: `lost: ${named(first)} was acknowledged as ${at(ack)} and is gone` }
    if (rows.length > 1)
      yield { check: 1, text: `doubled: ${named(first)} was acknowledged and is kept as ${all(rows)}` }
    const elsewhere = rows.find((row) => row.conversationId !== ack.conversationId || row.seq !== ack.seq)
    if (elsewhere) yield { check: 1, text: `${named(first)} was acknowledged as ${at(ack)}, kept as ${at(elsewhere)}` }
  }
}

function* fateAgreesWithAnswers(sent: Map<string, Sent>, { byClientId }: Kept): Iterable<Violation> {
  const homes = new Map<string, string>()
  for (const [clientId, { first, acks, refused, unknown, attempts }] of sent) {
    const rows = byClientId.get(clientId) ?? []
    if (rows.length > 0 && acks.length === 0 && refused === attempts) {
      yield { check: 2, text: `${named(first)} was refused each time and is kept as ${at(rows[0]!)}` }
    }
    if (rows.length > 1 && acks.length === 0 && unknown > 0) {
      yield { check: 2, text: `doubled: ${named(first)} had no answer and is kept as ${all(rows)}` }
    }
    const other = acks.find((ack) => ack.seq !== acks[0]!.seq || ack.conversationId !== acks[0]!.conversationId)
    if (other) yield { check: 2, text: `${named(first)} was acknowledged as ${at(acks[0]!)} and again as ${at(other)}` }
    if (first.who.kind !== 'visitor') continue
    for (const { conversationId } of [...acks, ...rows]) {
      const visitor = first.who.of ?? first.who.name
      const home = homes.get(visitor) ?? conversationId
      homes.set(visitor, home)
      if (home === conversationId) continue
      yield {
        check: 2,
        text: `${visitor} has two conversations: ${home}, and ${conversationId} by ${named(first)}`,
      }
      break
    }
  }
}

/** Whatever has changed since: the chat off, the disk full, the conversation finished. Who asks may have to be known. */
function* repeatsAreAcknowledged(history: readonly HistoryEvent[]): Iterable<Violation> {
  const acked = new Set<string>()
  const repeats = new Map<number, Invoke>()
  for (const event of history) {
    if (event.type === 'ok') acked.add(event.clientId)
    if (event.type === 'invoke' && acked.has(event.clientId)) repeats.set(event.attempt, event)
    if (event.type !== 'refused' || event.code === 'sign_in_needed') continue
    const repeat = repeats.get(event.attempt)
    if (repeat) yield { check: 2, text: `${named(repeat)} was acknowledged, sent again and refused: ${event.code}` }
  }
}

function* seqIsGapless({ logs }: Kept): Iterable<Violation> {
  for (const [conversationId, log] of logs) {
    const wrong = log.findIndex((row, index) => row.seq !== index + 1)
    if (wrong < 0) continue
    yield { check: 3, text: `${conversationId}: seq ${log[wrong]!.seq} stands where ${wrong + 1} belongs` }
  }
}

/** State beside the log is written with it, so it says what the log says. */
function* projectionsAgree({ conversations }: Final, { logs }: Kept): Iterable<Violation> {
  for (const { id, state, lastSeq, lastPublicSeq, closed, taken } of conversations) {
    const log = logs.get(id) ?? []
    const lastEvent = log.findLast(({ kind }) => kind === 'event')?.body
    const told = { state, lastSeq, lastPublicSeq, closed, taken }
    const expected = {
      state: lastEvent === 'finished' ? 'finished' : lastEvent === 'taken' ? 'active' : 'waiting',
      lastSeq: log.length,
      lastPublicSeq: log.findLast((row) => row.public)?.seq ?? 0,
      closed: lastEvent === 'finished',
      taken: lastEvent === 'taken',
    }
    if (Bun.deepEquals(told, expected)) continue
    yield { check: 3, text: `${id} is told as ${JSON.stringify(told)}, its log says ${JSON.stringify(expected)}` }
  }
}

function* readersSawTheLog(readers: readonly Reader[], { logs }: Kept): Iterable<Violation> {
  const bodies = new Map<string, { body: string; reader: string }>()
  for (const reader of readers) {
    const log = logs.get(reader.conversationId) ?? []
    const visible = reader.sees === 'all' ? log : log.filter((row) => row.public)
    const last = visible.at(-1)?.seq ?? 0
    if (logs.size > 0 && log.length === 0) yield { check: 4, text: `${reader.name} never read anything` }
    if (reader.watermark < last) {
      yield { check: 4, text: `${reader.name} stopped at ${reader.watermark}, the log goes on to ${last}` }
    }
    const fault = streamFault(reader, visible)
    if (fault) yield { check: 4, text: `${reader.name}: ${fault}` }
    const beforeOf = new Map(visible.map((row, index) => [row.seq, visible[index - 1]?.seq ?? 0]))
    for (const seen of seenBy(reader)) {
      const before = beforeOf.get(seen.seq)
      if (seen.after !== undefined && before !== undefined && seen.after !== before) {
        yield {
          check: 4,
          text: `${reader.name}: entry ${seen.seq} said after ${seen.after}, before it stands ${before}`,
        }
      }
      if (unnamedEvent(seen)) continue
      const key = `${reader.conversationId}:${seen.seq}`
      const said = bodies.get(key)
      if (!said) bodies.set(key, { body: seen.body, reader: reader.name })
      else if (said.body !== seen.body) {
        yield { check: 4, text: `${reader.name} and ${said.reader} disagree about ${key}` }
      }
    }
  }
}

/** Where the shown stream first departs from what was to be seen up to the watermark. */
function streamFault({ shown, watermark }: Reader, visible: Row[]): string | undefined {
  const expected = visible.filter((row) => row.seq <= watermark)
  for (let index = 0; index < Math.max(shown.length, expected.length); index++) {
    const seen = shown[index]
    const row = expected[index]
    const before = shown[index - 1]
    if (seen && before && seen.seq === before.seq) return `doubled: ${seen.seq} was shown twice`
    if (seen && before && seen.seq < before.seq) return `reordered: ${seen.seq} was shown after ${before.seq}`
    if (!seen) return `missing: ${row!.seq} was never shown`
    if (!row) return `${seen.seq} was shown and is not to be seen`
    if (seen.seq > row.seq) return `missing: ${row.seq} was never shown, ${seen.seq} stands in its place`
    if (seen.seq !== row.seq) return `${seen.seq} was shown where ${row.seq} belongs`
    if (!same(seen, row)) return `${seen.seq} was shown as another entry: ${seen.body}`
  }
}

function* orderIsKept(
  history: readonly HistoryEvent[],
  sent: Map<string, Sent>,
  { byClientId }: Kept,
): Iterable<Violation> {
  const highestOk = new Map<string, number>()
  const highestTurn = new Map<string, { sent: Sent; turn: number; seq: number }>()
  const switchedOn = history.flatMap((event, index) => (event.type === 'switch' && event.on ? [{ event, index }] : []))
  // Two messages under way on a connection that died: the first may have been refused for good, the chat switched on,
  // the second kept, and nobody knew when the first was sent again. Clients that wait for each ack never see this.
  const refusedUnheard = ({ at, ackedAt, unknown }: Sent) =>
    unknown > 0 && switchedOn.some(({ event, index }) => event.askedAt <= ackedAt && index >= at)
  for (const [index, event] of history.entries()) {
    if (event.type === 'ok') {
      highestOk.set(event.conversationId, Math.max(event.seq, highestOk.get(event.conversationId) ?? 0))
    }
    if (event.type !== 'invoke') continue
    const message = sent.get(event.clientId)!
    if (message.at !== index) continue
    const row = byClientId.get(event.clientId)?.[0]
    if (!row) continue
    const floor = highestOk.get(row.conversationId) ?? 0
    if (row.seq <= floor) {
      yield {
        check: 5,
        text: `reordered: ${named(event)} was sent after ${floor} was acknowledged, kept as ${at(row)}`,
      }
    }
    // A sender's queue drains in order, whether or not each message waits for the ack of the one before.
    const queue = `${event.who.name} ${row.conversationId}`
    const before = highestTurn.get(queue)
    if (before && event.turn > before.turn && row.seq < before.seq && !refusedUnheard(before.sent)) {
      yield {
        check: 5,
        text: `reordered: ${named(event)} is kept as ${at(row)}, an earlier one of its queue as ${before.seq}`,
      }
    }
    if (!before || row.seq > before.seq) highestTurn.set(queue, { sent: message, turn: event.turn, seq: row.seq })
  }
}

function* seenSurvives(readers: readonly Reader[], { logs }: Kept): Iterable<Violation> {
  for (const reader of readers) {
    const log = logs.get(reader.conversationId) ?? []
    for (const seen of seenBy(reader)) {
      const row = log[seen.seq - 1]
      if (row && same(seen, row)) continue
      yield {
        check: 6,
        text: `${reader.name} saw ${seen.seq} "${seen.body}" in ${reader.conversationId}, which did not survive`,
      }
    }
  }
}

function* nothingUnsent(evidence: Evidence, sent: Map<string, Sent>, { logs }: Kept): Iterable<Violation> {
  const bodies = new Set([...sent.values()].map(({ first }) => first.body))
  for (const row of evidence.final.messages) {
    if (row.kind !== 'text') continue
    const origin = row.clientId === null ? undefined : sent.get(row.clientId)
    if (origin && origin.first.body === row.body && origin.first.who.kind === row.authorKind) continue
    yield { check: 7, text: `${at(row)} "${row.body}" by a ${row.authorKind} was never sent` }
  }
  for (const reader of evidence.readers) {
    for (const seen of seenBy(reader)) {
      if (seen.kind !== 'text' || bodies.has(seen.body)) continue
      yield { check: 7, text: `${reader.name} saw "${seen.body}", which was never sent` }
    }
  }
  yield* eventsWereAsked(evidence.history, logs)
}

/** Verbs have no key of their own, so an event is held against the number of times that it was asked for. */
function* eventsWereAsked(history: readonly HistoryEvent[], logs: Map<string, Row[]>): Iterable<Violation> {
  const asked = new Map<string, number>()
  const ask = (conversationId: string, what: string) => {
    const key = `${conversationId} ${what}`
    asked.set(key, (asked.get(key) ?? 0) + 1)
  }
  const words = { take: 'taken', finish: 'finished', reopen: 'reopened' }
  for (const event of history) if (event.type === 'verb') ask(event.conversationId, words[event.verb])
  for (const [conversationId, log] of logs) {
    const events = Map.groupBy(
      log.filter((row) => row.kind === 'event'),
      (row) => row.body,
    )
    for (const [what, rows] of events) {
      // Writing after Finished reopens; an agent's first answer takes, and so does reopening.
      const writer = { reopened: 'visitor', taken: 'agent' }[what]
      const writings = log.filter((row) => row.kind === 'text' && row.authorKind === writer).length
      const reopenings = what === 'taken' ? (asked.get(`${conversationId} reopened`) ?? 0) : 0
      const times = (asked.get(`${conversationId} ${what}`) ?? 0) + writings + reopenings
      if (rows.length <= times) continue
      yield { check: 7, text: `${conversationId} has ${rows.length} times "${what}", asked for ${times} times` }
    }
  }
}

function* reactedOnce({ final, sink }: Evidence): Iterable<Violation> {
  const place = ({ conversationId, seq }: Ack) => `${conversationId}:${seq}`
  const outbox = Map.groupBy(final.outbox, place)
  const copies = Map.groupBy(sink, place)
  for (const row of final.messages) {
    if (row.kind !== 'text') continue
    const kept = outbox.get(place(row)) ?? []
    if (kept.length !== 1) yield { check: 8, text: `${at(row)} has ${kept.length} outbox rows` }
    const ids = new Set((copies.get(place(row)) ?? []).map(({ id }) => id))
    if (ids.size === 0) yield { check: 8, text: `${at(row)} never came to the sink` }
    if (ids.size > 1) yield { check: 8, text: `${at(row)} came to the sink under ${ids.size} ids` }
    if (ids.size === 1 && kept.length === 1 && !ids.has(kept[0]!.id)) {
      yield { check: 8, text: `${at(row)} came to the sink under another id than its outbox row` }
    }
  }
  const there = new Set(final.messages.map(place))
  for (const copy of [...outbox.keys(), ...copies.keys()]) {
    if (!there.has(copy)) yield { check: 8, text: `${copy} had a reaction and does not exist` }
  }
}

function* diskFullWasSurvived(history: readonly HistoryEvent[]): Iterable<Violation> {
  const begun = history.filter((event) => event.type === 'nemesis' && event.name === 'disk-full').length
  const reports = history.filter((event): event is DiskFull => event.type === 'disk-full')
  if (reports.length < begun) yield { check: 9, text: 'the disk was filled and nobody reported what came of it' }
  for (const report of reports) {
    if (report.reads === 0 || report.readsFailed > 0) {
      yield { check: 9, text: `${report.readsFailed} of ${report.reads} reads failed while the disk was full` }
    }
    if (report.nacked === 0) yield { check: 9, text: 'no write was nacked while the disk was full' }
    if (report.readyzWhileFull !== 503) yield { check: 9, text: `/readyz said ${report.readyzWhileFull} while full` }
    if (!report.resumed) yield { check: 9, text: 'no write was acknowledged after space had come back' }
    if (report.readyzAfter !== 200)
      yield { check: 9, text: `/readyz said ${report.readyzAfter} after space had come back` }
    if (report.restarted) yield { check: 9, text: 'the server had to be started again after the disk was full' }
  }
}

function* databaseIsWhole({ history, final }: Evidence): Iterable<Violation> {
  if (final.integrity !== 'ok') yield { check: 10, text: `integrity_check: ${final.integrity}` }
  let down = false
  for (const event of history) {
    if (event.type === 'kill') down = true
    if (event.type === 'stop' && event.exitCode !== 0) {
      yield { check: 10, text: `SIGTERM ended with ${event.exitCode} after ${Math.round(event.tookMs)} ms` }
    }
    if (event.type !== 'ready') continue
    down = false
    if (event.tookMs < readyWithinMs || event.slowed) continue
    yield { check: 10, text: `ready again only after ${Math.round(event.tookMs)} ms` }
  }
  if (down) yield { check: 10, text: 'never ready again after the last kill' }
}

function figures(evidence: Evidence, violations: Violation[], sent: Map<string, Sent>, kept: Kept): Figures {
  const { history } = evidence
  const messages = [...sent.values()]
  const count = (type: HistoryEvent['type']) => history.filter((event) => event.type === type).length
  const with_ = (word: string) => violations.filter(({ text }) => text.includes(`${word}:`)).length
  const tookMs = history.map((event) => (event.type === 'ready' && !event.slowed ? event.tookMs : 0))
  return {
    invoked: messages.length,
    acknowledged: messages.filter(({ acks }) => acks.length > 0).length,
    kills: count('kill'),
    lost: with_('lost'),
    doubled: with_('doubled'),
    reordered: with_('reordered'),
    refused: messages.filter(({ acks, refused }) => acks.length === 0 && refused > 0).length,
    unknown: count('unknown'),
    readers: evidence.readers.length,
    reopenings: [...kept.logs.values()].flat().filter((row) => row.kind === 'event' && row.body === 'reopened').length,
    switches: history.filter((event) => event.type === 'switch' && event.status < 300).length,
    sinkCopies: evidence.sink.length,
    slowestReadyMs: tookMs.reduce((slowest, took) => Math.max(slowest, took), 0),
  }
}

function seenBy({ shown, passedOver }: Reader): Seen[] {
  return [...shown, ...passedOver]
}

/** Markup says that something happened, in words that depend on the reader's language. */
function unnamedEvent(seen: Seen): boolean {
  return seen.kind === 'event' && seen.body === ''
}

function same(seen: Seen, row: Row): boolean {
  if (unnamedEvent(seen)) return seen.seq === row.seq && row.kind === 'event'
  return seen.seq === row.seq && seen.kind === row.kind && seen.author === row.authorKind && seen.body === row.body
}

function named({ who, turn, clientId }: Invoke): string {
  return `${who.name}'s ${turn} (${clientId})`
}

function at({ conversationId, seq }: Ack): string {
  return `${conversationId}:${seq}`
}

function all(rows: Row[]): string {
  return rows.map(at).join(' and ')
}
