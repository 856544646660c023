import { unfilled } from '../../../views/templates/placeholders.ts'
import { digest } from '../../platform/lib/id.ts'
import { refuse } from '../../platform/lib/refuse.ts'
import { checkEmail, checkText, isLine, tidyLine } from '../../platform/lib/text.ts'
import { type AgentActor, type FeedbackForm, isClientId, type Page, textDigest } from '../conversations/index.ts'
import type { VisitorActor } from '../visitors/index.ts'

/** What a sender gives: `clientId` is their own key for this message, the same in every repeat. */
export type NewMessage = {
  clientId: unknown
  body: unknown
  kind?: unknown
  /** With `feedback` alone. */
  form?: unknown
  page?: Page | null
  /** Absent: the visitor's current conversation. */
  conversationId?: string | null
  /** Absent: through the window on a page. A form says so itself. */
  channel?: 'widget' | 'api'
}

/** What is sent: words, a form with words, or an e-mail address. */
export type Content =
  | { kind: 'text'; body: string }
  | { kind: 'feedback'; body: string; form: FeedbackForm }
  | { kind: 'email'; body: string }

export type CheckedMessage = {
  clientId: string
  content: Content
  /** Tells a repeat from another message under the same client id. */
  digest: string
  page: Page | null
  conversationId: string | null
  channel: 'widget' | 'api'
}

/** Refuses what `sendMessage` refuses for the message itself, whoever has asked for it and whatever stands in the store. */
export function checkMessage(actor: VisitorActor | AgentActor, input: NewMessage): CheckedMessage {
  const { clientId, page = null, conversationId = null, channel = 'widget' } = input
  if (!isClientId(clientId)) throw refuse('client_id_invalid')
  const content = contentOf(actor, input)
  return { clientId, content, digest: digestOf(content), page, conversationId, channel }
}

function contentOf(actor: VisitorActor | AgentActor, { kind = 'text', body, form }: NewMessage): Content {
  if (kind === 'text') return { kind, body: actor.kind === 'agent' ? checkAnswer(body) : checkText(body) }
  if (actor.kind === 'visitor' && kind === 'feedback') return { kind, form: checkForm(form), body: checkText(body) }
  if (actor.kind === 'visitor' && kind === 'email') return { kind, body: checkEmail(body) }
  throw refuse('kind_unknown')
}

/**
 * What an agent says. Refuses, also, `placeholder_unfilled`: of a template nothing is sent that was to be filled in. Braces
 * around anything else are words, and so are all that a visitor writes.
 */
function checkAnswer(value: unknown): string {
  const body = checkText(value)
  const written = unfilled(body)
  if (written !== null) throw refuse('placeholder_unfilled', { written })
  return body
}

function digestOf(content: Content): string {
  if (content.kind === 'text') return textDigest(content.body)
  return digest(
    `${content.kind}\0${content.kind === 'feedback' ? `${JSON.stringify(content.form)}\0` : ''}${content.body}`,
  )
}

const maxName = 100
const maxPhone = 40
const maxTopic = 200

/**
 * The fields of a feedback form, in one order and without what was left empty. Refuses `email_invalid`, and `form_invalid`
 * with the `field` that is missing or wrong; `contact` when there is neither an e-mail nor a phone.
 */
function checkForm(value: unknown): FeedbackForm {
  if (typeof value !== 'object' || value === null) throw refuse('form_invalid', { field: 'form' })
  const given = value as Record<string, unknown>
  const name = lineOf(given, 'name', maxName)
  const phone = lineOf(given, 'phone', maxPhone)
  const topic = lineOf(given, 'topic', maxTopic)
  const email = isEmpty(given.email) ? '' : checkEmail(given.email)
  if (name === '') throw refuse('form_invalid', { field: 'name' })
  if (phone !== '' && !/\d/.test(phone)) throw refuse('form_invalid', { field: 'phone' })
  if (email === '' && phone === '') throw refuse('form_invalid', { field: 'contact' })
  if (given.consent !== true) throw refuse('form_invalid', { field: 'consent' })
  return { name, ...(email === '' ? {} : { email }), ...(phone === '' ? {} : { phone }), topic }
}

/** One line of a form, tidied; '' when it was left empty. */
function lineOf(given: Record<string, unknown>, field: string, max: number): string {
  const value = given[field] ?? ''
  if (typeof value !== 'string') throw refuse('form_invalid', { field })
  const line = tidyLine(value)
  if (!isLine(line, max)) throw refuse('form_invalid', { field })
  return line
}

const isEmpty = (value: unknown): boolean => value === undefined || value === null || value === ''
