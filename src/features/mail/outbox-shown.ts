import type { OutboxMail, OutboxShown } from '../../../views/settings/mail-outbox.tsx'
import { personLabel } from '../../../views/console/visitor.ts'
import { countUndone, listUndone, stateOf, type UndoneCursor, undoneStates } from '../../platform/jobs/list-undone.ts'
import type { OutboxRow } from '../../platform/jobs/outbox.ts'
import { isId } from '../../platform/lib/id.ts'
import type { Translate } from '../../platform/lib/i18n.ts'
import { refuse } from '../../platform/lib/refuse.ts'
import { readTrouble } from '../../providers/mail/trouble.ts'
import { findConversation } from '../conversations/index.ts'
import { contactsOf } from '../visitors/index.ts'
import { copyJob, type MailOf, mailJobs } from './names.ts'

const onAPage = 30

/** A page of what has not gone out. Refuses `bad_request` for another address than ours. */
export async function shownOutbox(t: Translate, query: Record<string, string | undefined>): Promise<OutboxShown> {
  const state = undoneStates.find((one) => one === query.state) ?? null
  if (query.state !== undefined && state === null) throw refuse('bad_request')
  const before = query.before === undefined ? null : cursorFrom(query.before)
  const [counts, found] = await Promise.all([
    countUndone(mailJobs),
    listUndone(mailJobs, { state, before, limit: onAPage + 1 }),
  ])
  const rows = found.slice(0, onAPage)
  const last = rows.at(-1)
  const of: Record<string, string> = state === null ? {} : { state }
  const hrefOf = (at: Record<string, string>) => `/settings/mail${addressOf({ ...of, ...at })}#mail-outbox`
  return {
    state,
    counts,
    mails: await Promise.all(rows.map((row) => mailOf(t, row))),
    here: addressOf({ ...of, ...(query.before === undefined ? {} : { before: query.before }) }),
    first: before === null ? null : hrefOf({}),
    next: found.length > onAPage && last ? hrefOf({ before: `${last.createdAt}.${last.id}` }) : null,
  }
}

const addressOf = (params: Record<string, string>): string =>
  Object.keys(params).length === 0 ? '' : `?${new URLSearchParams(params)}`

function cursorFrom(text: string): UndoneCursor {
  const [at = '', id = ''] = text.split('.')
  if (!/^\d{1,15}$/.test(at) || !isId(id)) throw refuse('bad_request')
  return { at: Number(at), id }
}

async function mailOf(t: Translate, row: OutboxRow): Promise<OutboxMail> {
  const { conversationId, address } = row.payload as MailOf
  const conversation = await findConversation(conversationId)
  const visitorId = conversation?.visitorId ?? ''
  const contact = (await contactsOf([visitorId])).get(visitorId) ?? null
  const state = stateOf(row)
  const trouble =
    row.lastError === null ? null : (readTrouble(row.lastError) ?? { kind: 'unknown', line: row.lastError })
  return {
    id: row.id,
    kind: row.job === copyJob ? 'copy' : 'answer',
    to: address,
    conversationId,
    who: personLabel(t, { visitorId, contact }),
    writtenAt: row.createdAt,
    state,
    attempts: row.attempts,
    nextAt: state === 'failed' ? row.dueAt : null,
    trouble: trouble?.kind ?? null,
    line: trouble?.line ?? null,
  }
}
