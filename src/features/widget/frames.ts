import { now } from '../../platform/lib/clock.ts'
import { translator } from '../../platform/lib/i18n.ts'
import type { Locale } from '../../platform/lib/i18n.ts'
import { type Refusal, refuse } from '../../platform/lib/refuse.ts'
import { isStorable } from '../../platform/lib/text.ts'
import { present } from '../../platform/live/presence.ts'
import type { ConversationRow, MessageRow, Page } from '../conversations/index.ts'
import { publicPage, readSeq } from '../messages/index.ts'
import { opensAt, type SiteRow, widgetOf } from '../sites/index.ts'

// What a visitor may see, and in which shape: docs/protocol.md. Visitor frames are made here and nowhere else, so that
// an entry that is not public cannot reach one.

/** Longest frame, in bytes. */
export const maxFrameBytes = 64 * 1024
const maxDepth = 8
const maxUrl = 2000
const maxTitle = 200

/** What everybody who opens the shop's page may know of a site. */
export const siteFrame = (site: SiteRow) => {
  const { id, name, chatEnabled, audience, greeting } = site
  return { id, name, chatEnabled, audience, greeting, widget: widgetOf(site) }
}

export type Availability = { agents: number; status: 'online' | 'away'; backAt: number | null }

/** Whether somebody answers now: agents whose console is connected; and if not, when the site's hours say that they are back. */
export function availability(site: SiteRow): Availability {
  const agents = present().length
  if (agents > 0) return { agents, status: 'online', backAt: null }
  return { agents, status: 'away', backAt: opensAt(widgetOf(site).hours, now()) }
}

/** Who is there now, as a window shows them. */
export const agentsThere = () =>
  present()
    .slice(0, 5)
    .map(({ id, name, title, photo }) => ({ id, name, ...shownOf(title, photo) }))

/** What stands beside an agent's name, where there is any. */
const shownOf = (title?: string | null, photo?: string | null) => ({
  ...(title ? { title } : {}),
  ...(photo ? { photo } : {}),
})

/** A public entry as its visitor sees it. `after` is the previous entry that they may see. */
export function entryFrame({
  conversationId,
  seq,
  publicBefore,
  kind,
  authorKind,
  authorId,
  body,
  at,
  clientId,
  data,
}: MessageRow) {
  const author =
    authorKind === 'agent'
      ? { kind: authorKind, id: authorId, name: data?.agentName ?? '', ...shownOf(data?.agentTitle, data?.agentPhoto) }
      : { kind: authorKind }
  const own = authorKind === 'visitor' && clientId ? { clientId } : {}
  const form = kind === 'feedback' && data?.form ? { form: data.form } : {}
  const email = body === 'email_given' && kind === 'event' && data?.email ? { email: data.email } : {}
  return { type: 'entry', conversationId, seq, after: publicBefore, kind, author, body, ...form, ...email, at, ...own }
}

export async function entriesFrame(conversation: ConversationRow, since: number) {
  return { type: 'entries', ...(await entriesPage(conversation, since)) }
}

export async function entriesPage(conversation: ConversationRow, since: number) {
  const { from, to, items, more } = await publicPage(conversation.id, since)
  const readBy = await readSeq(conversation.id, 'agent')
  return {
    conversationId: conversation.id,
    from,
    to,
    items: items.map(entryFrame),
    more,
    readSeq: readBy,
  }
}

export async function conversationFrame({ id, lastPublicSeq, state }: ConversationRow) {
  return {
    id,
    seq: lastPublicSeq,
    state,
    readSeq: await readSeq(id, 'agent'),
    ownReadSeq: await readSeq(id, 'visitor'),
  }
}

/** A refusal for a visitor or their program: the code is for the program, the sentence for the person. */
export function refusalFrame(refusal: Refusal, locale: Locale) {
  const { code, values, retryable, retryAfterMs } = refusal
  const message = translator(locale)(`refusals.${code}`, values)
  const field = typeof values.field === 'string' ? { field: values.field } : {}
  return { code, message, retryable, ...field, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) }
}

export type ClientFrame = Record<string, unknown>

/** Reads a frame or a request body. Refuses `too_large` and `bad_frame` (not JSON, not an object, nested too deep). */
export function parseFrame(text: string): ClientFrame {
  if (Buffer.byteLength(text) > maxFrameBytes) throw refuse('too_large', { max: maxFrameBytes })
  let frame: unknown
  try {
    frame = JSON.parse(text)
  } catch {
    throw refuse('bad_frame')
  }
  if (typeof frame !== 'object' || frame === null || Array.isArray(frame) || tooDeep(frame, maxDepth))
    throw refuse('bad_frame')
  return frame as ClientFrame
}

function tooDeep(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  return levels === 0 || Object.values(value).some((inner) => tooDeep(inner, levels - 1))
}

/** The page a message was written on, or null: only http(s) addresses are kept, without what might be a password. */
export function pageOf(value: unknown): Page | null {
  const { url, title } = (typeof value === 'object' && value !== null ? value : {}) as {
    url?: unknown
    title?: unknown
  }
  if (typeof url !== 'string' || url.length > maxUrl || !isStorable(url) || !URL.canParse(url)) return null
  const parsed = new URL(url)
  if (parsed.protocol !== 'http:' && parsed.protocol !== 'https:') return null
  parsed.username = ''
  parsed.password = ''
  const named = typeof title === 'string' && isStorable(title) && title.trim() !== ''
  return { url: parsed.href, ...(named ? { title: title.slice(0, maxTitle).toWellFormed() } : {}) }
}

/** A conversation id as a visitor names it; null means the current one. Refuses `conversation_unknown` for other things. */
export function conversationIdOf(value: unknown): string | null {
  if (value === undefined || value === null) return null
  if (typeof value !== 'string' || value === '') throw refuse('conversation_unknown')
  return value
}
