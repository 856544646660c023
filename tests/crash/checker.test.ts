import { describe, expect, test } from 'bun:test'
import { check, type CheckNumber, type ConversationRow, type Evidence, type Row } from './checker.ts'
import type { DiskFull, HistoryEvent, Outage, Reader, Seen, Who } from './history.ts'

const boris: Who = { kind: 'visitor', name: 'boris' }
const vera: Who = { kind: 'visitor', name: 'vera' }
const anna: Who = { kind: 'agent', name: 'anna' }

let attempts = 0

/** One attempt of `who` at message `turn`, and what came of it: a seq is an ack. */
function attempt(who: Who, turn: number, came: number | 'refused' | 'unknown', conversationId = 'c1'): HistoryEvent[] {
  return [invoke(who, turn), answer(who, turn, came, conversationId)]
}

function invoke(who: Who, turn: number): HistoryEvent {
  return { type: 'invoke', attempt: ++attempts, who, clientId: `${who.name}-${turn}`, body: body(who, turn), turn }
}

function answer(who: Who, turn: number, came: number | 'refused' | 'unknown', conversationId = 'c1'): HistoryEvent {
  const about = { attempt: attempts, clientId: `${who.name}-${turn}` }
  if (came === 'refused') return { type: 'refused', ...about, code: 'chat_off', retryable: false }
  if (came === 'unknown') return { type: 'unknown', ...about, why: 'socket closed' }
  return { type: 'ok', ...about, conversationId, seq: came }
}

function body(who: Who, turn: number): string {
  return `${who.name} says ${turn}`
}

/** The row that message `turn` of `who` leaves. */
function text(seq: number, who: Who, turn: number, conversationId = 'c1'): Row {
  return {
    conversationId,
    seq,
    authorKind: who.kind,
    authorId: `id-of-${who.name}`,
    clientId: `${who.name}-${turn}`,
    kind: 'text',
    body: body(who, turn),
    public: true,
    publicBefore: 0,
  }
}

function event(seq: number, what: string, isPublic: boolean): Row {
  return { ...text(seq, anna, 0), clientId: null, kind: 'event', body: what, public: isPublic }
}

function seen(row: Row, after?: number): Seen {
  return {
    seq: row.seq,
    kind: row.kind,
    author: row.authorKind,
    body: row.body,
    ...(after === undefined ? {} : { after }),
  }
}

function reader(name: string, shown: Seen[], change: Partial<Reader> = {}): Reader {
  const watermark = shown.at(-1)?.seq ?? 0
  return { name, kind: 'live', sees: 'public', conversationId: 'c1', watermark, shown, passedOver: [], ...change }
}

/** Evidence in which every kept text was reacted to once. */
function evidence(history: HistoryEvent[], messages: Row[], change: Partial<Evidence> = {}): Evidence {
  const places = messages.filter(({ kind }) => kind === 'text')
  const reactions = places.map(({ conversationId, seq }) => ({ id: `r-${conversationId}-${seq}`, conversationId, seq }))
  return {
    history,
    final: { messages, conversations: [], outbox: reactions, integrity: 'ok' },
    readers: [],
    sink: reactions,
    ...change,
  }
}

function red(given: Evidence): CheckNumber[] {
  return [...new Set(check(given).violations.map((violation) => violation.check))].sort((a, b) => a - b)
}

const said = [...attempt(boris, 1, 1), ...attempt(anna, 1, 2), ...attempt(boris, 2, 3)]
const kept = [text(1, boris, 1), text(2, anna, 1), text(3, boris, 2)]
const streamed = [seen(kept[0]!, 0), seen(kept[1]!, 1), seen(kept[2]!)]

test('a run in which everything held is green, and counted', () => {
  const given = evidence(
    [...said, { type: 'kill', how: 'random' }, { type: 'ready', tookMs: 300, slowed: false }],
    kept,
    {
      readers: [
        reader('live', streamed),
        reader(
          'http',
          kept.map((row) => seen(row)),
        ),
      ],
    },
  )
  expect(check(given)).toEqual({
    violations: [],
    figures: {
      invoked: 3,
      acknowledged: 3,
      kills: 1,
      lost: 0,
      doubled: 0,
      reordered: 0,
      refused: 0,
      unknown: 0,
      readers: 2,
      reopenings: 0,
      switches: 0,
      sinkCopies: 3,
      slowestReadyMs: 300,
      postgresKills: 0,
      postgresStops: 0,
      postgresFreezes: 0,
      connectionsCut: 0,
      slowestRecoveryMs: 0,
    },
  })
})

describe('1: what was acknowledged is there once', () => {
  test('a lost message is red', () => {
    expect(red(evidence(said, kept.slice(0, 2)))).toEqual([1])
    expect(check(evidence(said, kept.slice(0, 2))).figures.lost).toBe(1)
  })

  test('a doubled message is red', () => {
    const given = evidence(said, [...kept, text(4, boris, 2)])
    expect(red(given)).toEqual([1])
    expect(check(given).figures.doubled).toBe(1)
  })

  test('a message kept under another seq than was acknowledged is red', () => {
    expect(red(evidence([...attempt(boris, 1, 7)], [text(1, boris, 1)]))).toEqual([1])
  })
})

describe('2: refused never, unknown at most once', () => {
  test('a refused message that is kept is red', () => {
    expect(red(evidence(attempt(boris, 1, 'refused'), [text(1, boris, 1)]))).toEqual([2])
  })

  test('a refused message that is not kept is green', () => {
    expect(red(evidence(attempt(boris, 1, 'refused'), []))).toEqual([])
  })

  test('an unanswered message may be there or not', () => {
    expect(red(evidence(attempt(boris, 1, 'unknown'), []))).toEqual([])
    expect(red(evidence(attempt(boris, 1, 'unknown'), [text(1, boris, 1)]))).toEqual([])
  })

  test('an unanswered message kept twice is red', () => {
    const given = evidence(attempt(boris, 1, 'unknown'), [text(1, boris, 1), text(2, boris, 1)])
    expect(red(given)).toEqual([2])
    expect(check(given).figures.doubled).toBe(1)
  })

  test('a first attempt without an answer and a refused retry may have been kept', () => {
    const history = [...attempt(boris, 1, 'unknown'), ...attempt(boris, 1, 'refused')]
    expect(red(evidence(history, [text(1, boris, 1)]))).toEqual([])
  })

  test('a retry that gets the same seq is green, another seq is red', () => {
    const twice = (seq: number) => [...attempt(boris, 1, 1), ...attempt(boris, 1, seq)]
    expect(red(evidence(twice(1), [text(1, boris, 1)]))).toEqual([])
    expect(red(evidence(twice(2), [text(1, boris, 1)]))).toEqual([2])
  })

  test('a repeat of what was acknowledged that is refused is red', () => {
    expect(red(evidence([...attempt(boris, 1, 1), ...attempt(boris, 1, 'refused')], [text(1, boris, 1)]))).toEqual([2])
  })

  test('a repeat of what was acknowledged may be refused while PostgreSQL is away, and nothing else may', () => {
    const refused = (code: string) =>
      [...attempt(boris, 1, 1), ...attempt(boris, 1, 'refused')].map((event) =>
        event.type === 'refused' ? { ...event, code, retryable: true } : event,
      )
    const given = (code: string, onPostgres: boolean) =>
      evidence(refused(code), [text(1, boris, 1)], { onPostgres } as never)
    expect(red(given('storage_failed', true))).toEqual([])
    expect(red(given('storage_failed', false))).toEqual([2])
    expect(red(given('chat_disabled', true))).toEqual([2])
  })

  test('an answer that confesses a bug is red', () => {
    const unsure = attempt(boris, 1, 'unknown').map((event) =>
      event.type === 'unknown' ? { ...event, why: 'internal_error' } : event,
    )
    expect(red(evidence([...unsure, ...attempt(boris, 1, 1)], [text(1, boris, 1)]))).toEqual([2])
  })

  test('a visitor whose retry opens a second conversation is red', () => {
    const history = [...attempt(boris, 1, 'unknown'), ...attempt(boris, 1, 1, 'c2')]
    expect(red(evidence(history, [text(1, boris, 1), text(1, boris, 1, 'c2')]))).toContain(2)
  })

  test('two conversations of two visitors are green', () => {
    const history = [...attempt(boris, 1, 1), ...attempt(vera, 1, 1, 'c2')]
    expect(red(evidence(history, [text(1, boris, 1), text(1, vera, 1, 'c2')]))).toEqual([])
  })
})

describe('3: the log is gapless', () => {
  test('a missing seq is red', () => {
    expect(
      red(evidence([...attempt(boris, 1, 1), ...attempt(boris, 2, 3)], [text(1, boris, 1), text(3, boris, 2)])),
    ).toEqual([3])
  })

  test('a seq that stands twice is red', () => {
    expect(
      red(evidence([...attempt(boris, 1, 1), ...attempt(anna, 1, 1)], [text(1, boris, 1), text(1, anna, 1)])),
    ).toContain(3)
  })
})

describe('3: what is told of a log agrees with it', () => {
  const log = [...kept, event(4, 'finished', true)]
  const history: HistoryEvent[] = [
    ...said,
    { type: 'verb', verb: 'finish', agent: 'anna', conversationId: 'c1', status: 200 },
  ]
  const told = { id: 'c1', state: 'finished', lastSeq: 4, lastPublicSeq: 4, closed: true, taken: false } as const
  const telling = (conversation: ConversationRow) => {
    const given = evidence(history, log)
    return { ...given, final: { ...given.final, conversations: [conversation] } }
  }

  test('the row that the log amounts to is green', () => {
    expect(red(telling(told))).toEqual([])
  })

  const faults: Partial<ConversationRow>[] = [
    { state: 'active' },
    { lastSeq: 5 },
    { lastPublicSeq: 3 },
    { closed: false },
    { taken: true },
  ]
  test.each(faults)('%p is red', (fault) => {
    expect(red(telling({ ...told, ...fault }))).toEqual([3])
  })
})

describe('4: every reader saw what it may see, in order', () => {
  const faulty = (shown: Seen[], change?: Partial<Reader>) =>
    evidence(said, kept, { readers: [reader('live', shown, change)] })

  test('a skipped entry is red', () => {
    expect(red(faulty([streamed[0]!, streamed[2]!]))).toEqual([4])
  })

  test('an entry shown twice is red', () => {
    const given = faulty([streamed[0]!, streamed[0]!, streamed[1]!, streamed[2]!])
    expect(red(given)).toEqual([4])
    expect(check(given).figures.doubled).toBe(1)
  })

  test('entries shown out of order are red', () => {
    const given = faulty([streamed[0]!, streamed[2]!, streamed[1]!], { watermark: 3 })
    expect(red(given)).toEqual([4])
  })

  test('a reader that did not catch up is red', () => {
    expect(red(faulty(streamed.slice(0, 2)))).toEqual([4])
  })

  test('a hole in seq where an entry is for agents only is green for a visitor, red for a console', () => {
    const log = [kept[0]!, event(2, 'taken', false), text(3, anna, 1)]
    const history: HistoryEvent[] = [
      ...attempt(boris, 1, 1),
      { type: 'verb', verb: 'take', agent: 'anna', conversationId: 'c1', status: 200 },
      ...attempt(anna, 1, 3),
    ]
    const shown = [seen(log[0]!, 0), seen(log[2]!, 1)]
    expect(red(evidence(history, log, { readers: [reader('live', shown)] }))).toEqual([])
    expect(
      red(
        evidence(history, log, {
          readers: [
            reader(
              'console',
              shown.map(({ after: _, ...rest }) => rest),
              { sees: 'all' },
            ),
          ],
        }),
      ),
    ).toEqual([4])
  })

  test('an entry for agents only that a visitor saw is red', () => {
    const log = [kept[0]!, event(2, 'taken', false)]
    const history: HistoryEvent[] = [
      ...attempt(boris, 1, 1),
      { type: 'verb', verb: 'take', agent: 'anna', conversationId: 'c1', status: 200 },
    ]
    expect(
      red(
        evidence(history, log, {
          readers: [
            reader(
              'live',
              log.map((row) => seen(row)),
            ),
          ],
        }),
      ),
    ).toEqual([4])
  })

  test('a live entry that names the wrong predecessor is red', () => {
    expect(red(faulty([streamed[0]!, streamed[1]!, seen(kept[2]!, 1)]))).toEqual([4])
  })

  test('two readers that disagree are red', () => {
    const other = { ...streamed[2]!, body: 'something else' }
    const readers = [reader('live', streamed), reader('flapping', [...streamed.slice(0, 2), other])]
    const { violations } = check(evidence(said, kept, { readers }))
    expect(violations.map(({ text: what }) => what).join()).toContain('disagree')
  })
})

describe('5: what was acknowledged before stands before', () => {
  test('a later message with a lower seq is red', () => {
    const history = [...attempt(boris, 1, 2), ...attempt(anna, 1, 1)]
    const given = evidence(history, [text(1, anna, 1), text(2, boris, 1)])
    expect(red(given)).toEqual([5])
    expect(check(given).figures.reordered).toBe(1)
  })

  test('messages under way at the same time may stand either way', () => {
    const history = [invoke(boris, 1), invoke(anna, 1), answer(boris, 1, 2), answer(anna, 1, 1)]
    expect(red(evidence(history, [text(1, anna, 1), text(2, boris, 1)]))).toEqual([])
  })

  test('a queue that was drained out of order is red though nothing was acknowledged between', () => {
    const history = [invoke(boris, 1), invoke(boris, 2), answer(boris, 2, 1), answer(boris, 1, 2)]
    expect(red(evidence(history, [text(1, boris, 2), text(2, boris, 1)]))).toEqual([5])
  })

  test('a queue may be out of order where its first message was refused unheard and the chat then switched on', () => {
    const on: HistoryEvent = { type: 'switch', on: true, status: 200, askedAt: 2 }
    const lost = [invoke(boris, 1), invoke(boris, 2), answer(boris, 1, 'unknown'), answer(boris, 2, 'unknown')]
    const again = [...attempt(boris, 1, 2), ...attempt(boris, 2, 1)]
    const log = [text(1, boris, 2), text(2, boris, 1)]
    expect(red(evidence([...lost, on, ...again], log))).toEqual([])
    expect(red(evidence([...lost, ...again], log))).toEqual([5])
    expect(
      red(
        evidence(
          [on, ...lost, ...again].map((event) => (event === on ? { ...on, askedAt: 0 } : event)),
          log,
        ),
      ),
    ).toEqual([5])
  })

  test('a message whose first attempt came before the other was acknowledged is green', () => {
    const history = [invoke(boris, 1), ...attempt(anna, 1, 2), answer(boris, 1, 'unknown'), ...attempt(boris, 1, 1)]
    expect(red(evidence(history, [text(1, boris, 1), text(2, anna, 1)]))).toEqual([])
  })
})

describe('6: what a reader saw survives', () => {
  test('an entry seen and gone is red', () => {
    const history = [...said, ...attempt(boris, 3, 'unknown')]
    const ghost = seen(text(4, boris, 3), 3)
    const given = evidence(history, kept, { readers: [reader('live', streamed, { passedOver: [ghost] })] })
    expect(red(given)).toEqual([6])
  })

  test('a repeat of what survives is green', () => {
    const readers = [reader('live', streamed, { passedOver: [streamed[1]!] })]
    expect(red(evidence(said, kept, { readers }))).toEqual([])
  })
})

describe('7: nothing that was never sent', () => {
  test('a message out of nowhere is red', () => {
    expect(red(evidence(said, [...kept, { ...text(4, boris, 9), clientId: 'nobody' }]))).toEqual([7])
  })

  test('another text than was sent is red', () => {
    expect(red(evidence(said, [...kept.slice(0, 2), { ...kept[2]!, body: 'forged' }]))).toEqual([7])
  })

  test('an event nobody asked for is red, an event asked for is green', () => {
    const finish: HistoryEvent = { type: 'verb', verb: 'finish', agent: 'anna', conversationId: 'c1', status: 200 }
    const log = [...kept, event(4, 'finished', true)]
    expect(red(evidence(said, log))).toEqual([7])
    expect(red(evidence([...said, finish], log))).toEqual([])
  })
})

describe('8: one reaction, at least one copy, one id', () => {
  const reactions = kept.map(({ conversationId, seq }) => ({ id: `r-${seq}`, conversationId, seq }))
  const reacted = (outbox: typeof reactions, sink: typeof reactions) =>
    evidence(said, kept, { final: { messages: kept, conversations: [], outbox, integrity: 'ok' }, sink })

  test('a copy that came twice under one id is green', () => {
    expect(red(reacted(reactions, [...reactions, reactions[0]!]))).toEqual([])
  })

  test('a copy that never came is red', () => {
    expect(red(reacted(reactions, reactions.slice(1)))).toEqual([8])
  })

  test('a copy under a second id is red', () => {
    expect(red(reacted(reactions, [...reactions, { ...reactions[0]!, id: 'other' }]))).toEqual([8])
  })

  test('no outbox row, or two, is red', () => {
    expect(red(reacted(reactions.slice(1), reactions))).toEqual([8])
    expect(red(reacted([...reactions, reactions[0]!], reactions))).toEqual([8])
  })

  test('a reaction to a message that does not exist is red', () => {
    expect(red(reacted(reactions, [...reactions, { id: 'r-9', conversationId: 'c1', seq: 9 }]))).toEqual([8])
  })
})

describe('9: a full disk', () => {
  const good: DiskFull = {
    type: 'disk-full',
    reads: 8,
    readsFailed: 0,
    nacked: 4,
    readyzWhileFull: 503,
    readyzAfter: 200,
    resumed: true,
    restarted: false,
  }
  const filled = (report: DiskFull) => evidence([{ type: 'nemesis', name: 'disk-full' }, ...said, report], kept)

  test('reads worked, writes were nacked, and it resumed', () => {
    expect(red(filled(good))).toEqual([])
  })

  const faults: Partial<DiskFull>[] = [
    { reads: 0 },
    { readsFailed: 1 },
    { nacked: 0 },
    { readyzWhileFull: 200 },
    { readyzAfter: 503 },
    { resumed: false },
    { restarted: true },
  ]
  test.each(faults)('%p is red', (fault) => {
    expect(red(filled({ ...good, ...fault }))).toEqual([9])
  })

  test('a disk filled without a report is red', () => {
    expect(red(evidence([{ type: 'nemesis', name: 'disk-full' }, ...said], kept))).toEqual([9])
  })
})

describe('9: PostgreSQL was away', () => {
  const good: Outage = {
    type: 'outage',
    how: 'killed',
    awayMs: 800,
    readyzMeanwhile: 503,
    backMs: 900,
    restarted: false,
  }
  const away = (outage: Outage) => evidence([...said, outage], kept)

  test('the house said so, and took writes soon after its return', () => {
    expect(red(away(good))).toEqual([])
    expect(red(away({ ...good, readyzMeanwhile: null }))).toEqual([])
    expect(check(away(good)).figures).toMatchObject({ postgresKills: 1, slowestRecoveryMs: 900, kills: 0 })
  })

  const faults: Partial<Outage>[] = [{ readyzMeanwhile: 200 }, { backMs: null }, { backMs: 5001 }, { restarted: true }]
  test.each(faults)('%p is red', (fault) => {
    expect(red(away({ ...good, ...fault }))).toEqual([9])
  })
})

describe('10: the database is whole and back at once', () => {
  const kill: HistoryEvent = { type: 'kill', how: 'random' }

  test('a broken database is red', () => {
    const final = { ...evidence(said, kept).final, integrity: 'row 3 missing from index' }
    expect(red(evidence(said, kept, { final }))).toEqual([10])
  })

  test('a slow start is red, unless the disk was slowed', () => {
    expect(red(evidence([...said, kill, { type: 'ready', tookMs: 2100, slowed: false }], kept))).toEqual([10])
    expect(red(evidence([...said, kill, { type: 'ready', tookMs: 2100, slowed: true }], kept))).toEqual([])
  })

  test('a SIGTERM that did not end cleanly is red', () => {
    const ready: HistoryEvent = { type: 'ready', tookMs: 300, slowed: false }
    expect(red(evidence([...said, { type: 'stop', exitCode: 0, tookMs: 90 }, ready], kept))).toEqual([])
    expect(red(evidence([...said, { type: 'stop', exitCode: null, tookMs: 10_000 }, ready], kept))).toEqual([10])
  })

  test('a server that never came back is red', () => {
    expect(red(evidence([...said, kill], kept))).toEqual([10])
  })
})
