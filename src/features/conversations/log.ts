import { eq, type Placeholder, sql } from 'drizzle-orm'
import type { Tx } from '../../platform/db/executor.ts'
import { prepared } from '../../platform/db/prepared.ts'
import { record } from '../../platform/live/bus.ts'
import { now } from '../../platform/lib/clock.ts'
import { cut } from '../../platform/lib/text.ts'
import type { Added } from './events.ts'
import {
  type AuthorKind,
  type ConversationRow,
  conversations,
  type EventData,
  type EventName,
  type MessageRow,
  messages,
  type Page,
} from './schema.ts'

export type NewEntry = {
  authorKind: AuthorKind
  authorId: string | null
  clientId?: string | null
  kind: MessageRow['kind']
  body: string
  data?: EventData | null
  page?: Page | null
  digest?: string | null
  public: boolean
}

const previewLength = 200

const placeholders = <K extends string>(names: readonly K[]) =>
  Object.fromEntries(names.map((name) => [name, sql.placeholder(name)])) as { [N in K]: Placeholder<N> }

const insertEntry = prepared((x) =>
  x
    .insert(messages)
    .values(
      placeholders([
        'conversationId',
        'seq',
        'authorKind',
        'authorId',
        'clientId',
        'kind',
        'body',
        'data',
        'page',
        'digest',
        'public',
        'publicBefore',
        'at',
      ]),
    )
    .prepare(),
)

const updateLast = prepared((x) =>
  x
    .update(conversations)
    .set({
      lastSeq: sql`${sql.placeholder('lastSeq')}`,
      lastPublicSeq: sql`${sql.placeholder('lastPublicSeq')}`,
      lastVisitorSeq: sql`${sql.placeholder('lastVisitorSeq')}`,
      lastText: sql`${sql.placeholder('lastText')}`,
      lastAuthorKind: sql`${sql.placeholder('lastAuthorKind')}`,
      lastEntryAt: sql`${sql.placeholder('lastEntryAt')}`,
    })
    .where(eq(conversations.id, sql.placeholder('id')))
    .prepare(),
)

/** The entry that comes next in a conversation's log, and the conversation as it is with it. */
export function nextEntry(conversation: ConversationRow, entry: NewEntry, at: number): Added {
  const seq = conversation.lastSeq + 1
  const message: MessageRow = {
    clientId: null,
    data: null,
    page: null,
    digest: null,
    ...entry,
    conversationId: conversation.id,
    seq,
    publicBefore: conversation.lastPublicSeq,
    at,
  }
  const words = wordsOf(entry)
  const after: ConversationRow = {
    ...conversation,
    lastSeq: seq,
    lastPublicSeq: entry.public ? seq : conversation.lastPublicSeq,
    lastVisitorSeq: words !== null && entry.authorKind === 'visitor' ? seq : conversation.lastVisitorSeq,
    lastText: words === null ? conversation.lastText : cut(words, previewLength),
    lastAuthorKind: words === null ? conversation.lastAuthorKind : entry.authorKind,
    lastEntryAt: at,
  }
  return { message, conversation: after }
}

/**
 * Adds the next entry to a conversation's log and tells of it. The only way into a log that is kept: `seq` follows the last,
 * under the writer's (on PostgreSQL: the locked row's) protection, so that the log is gapless from 1.
 */
export async function append(tx: Tx, conversation: ConversationRow, entry: NewEntry): Promise<Added> {
  const added = nextEntry(conversation, entry, now())
  await insertEntry(tx).execute(added.message)
  await updateLast(tx).execute(added.conversation)
  await record(tx, 'entry.added', added)
  return added
}

/** What a list shows of an entry; null for what is no words. */
function wordsOf({ kind, body, data }: NewEntry): string | null {
  if (kind === 'event') return null
  const topic = data?.form?.topic
  return topic ? `${topic}: ${body}` : body
}

/** Adds an entry that says what an agent or visitor did to the conversation. */
export const appendEvent = (
  tx: Tx,
  conversation: ConversationRow,
  event: { name: EventName; authorKind: AuthorKind; authorId: string | null; data?: EventData; public: boolean },
) =>
  append(tx, conversation, {
    authorKind: event.authorKind,
    authorId: event.authorId,
    kind: 'event',
    body: event.name,
    data: event.data ?? null,
    public: event.public,
  })
