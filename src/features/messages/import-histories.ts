import type { Tx } from '../../platform/db/executor.ts'
import { insertAll } from '../../platform/db/insert-all.ts'
import { refuse } from '../../platform/lib/refuse.ts'
import { mustBeAgents } from '../agents/index.ts'
import { type AgentActor, type ImportedLog, importLogs, type Log } from '../conversations/index.ts'
import { reads } from './schema.ts'

/** Somebody had read everything that there was to see for them at that time (UTC ms). */
export type HadRead = { by: 'visitor' | AgentActor; at: number }

/** A conversation, and who had read it until when: at most once for each reader. */
export type History = Log & { reads: HadRead[] }

/** Adds whole conversations at once. Refuses what `importLogs` refuses, and `bad_request` for who had nothing to read. */
export async function importHistories(tx: Tx, histories: History[]): Promise<void> {
  const logs = await importLogs(tx, histories)
  const marks = logs.flatMap((log, place) => (histories[place]?.reads ?? []).map((read) => markOf(log, read)))
  await mustBeAgents(
    tx,
    marks.flatMap(({ readerKind, readerId }) => (readerKind === 'agent' ? [readerId] : [])),
  )
  await insertAll(tx, reads, marks)
}

function markOf({ conversation, entries }: ImportedLog, { by, at }: HadRead) {
  const { id, visitorId } = conversation
  const last = entries.findLast((entry) => entry.at <= at && (entry.public || by !== 'visitor'))
  if (!last || !Number.isSafeInteger(at)) throw refuse('bad_request')
  const reader =
    by === 'visitor'
      ? ({ readerKind: 'visitor', readerId: visitorId } as const)
      : ({ readerKind: 'agent', readerId: by.agentId } as const)
  return { conversationId: id, ...reader, seq: last.seq, at, raisedBy: null, raisedFrom: null }
}
