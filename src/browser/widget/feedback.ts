import type { WidgetKey } from '../../catalogues/widget-words.ts'
import { contactOf, isEmail } from './contact-fields.ts'
import type { Outbox, Waiting } from './outbox.ts'
import type { Attributes } from './port.ts'
import type { FeedbackForm } from './protocol.ts'

export type Field = 'name' | 'contact' | 'topic' | 'text' | 'consent'
export type Fields = { name: string; contact: string; topic: string; consent: boolean }
export type Errors = Partial<Record<Field, WidgetKey>>

export const fieldOrder: Field[] = ['name', 'contact', 'topic', 'text', 'consent']
const longest = { name: 100, contact: 254, topic: 200 }
const longestText = 8000

/** The feedback form as it is being filled in. Its text is the draft of the chat, so that neither loses what was typed. */
export class Feedback {
  fields: Fields = { name: '', contact: '', topic: '', consent: false }
  errors: Errors = {}
  /** the one that was handed in last, until another is begun */
  sent: { clientId: string; body: string } | null = null

  readonly #outbox: Outbox

  constructor(outbox: Outbox) {
    this.#outbox = outbox
  }

  /** What the shop knows of its visitor is written in for them, where they have written nothing themselves. */
  know({ name, email, phone }: Attributes) {
    const { fields } = this
    if (typeof name === 'string') fields.name ||= name
    if (typeof email === 'string') fields.contact ||= email
    if (typeof phone === 'string') fields.contact ||= phone
  }

  fill(change: Partial<Fields>) {
    this.fields = { ...this.fields, ...change }
    for (const field of Object.keys(change) as Field[]) delete this.errors[field]
  }

  /** Checks the form with its text; null when something is missing or wrong, and then `errors` says what. */
  check(text: string): (FeedbackForm & { consent: true }) | null {
    this.errors = errorsIn(this.fields, text)
    if (Object.keys(this.errors).length > 0) return null
    const { name, contact, topic } = this.fields
    return { name: name.trim(), ...contactOf(contact), topic: topic.trim(), consent: true }
  }

  /** The first field that something is wrong with. */
  get wrong(): Field | null {
    return fieldOrder.find((field) => this.errors[field]) ?? null
  }

  handedIn(clientId: string, body: string) {
    this.sent = { clientId, body }
    this.fields = { ...this.fields, topic: '', consent: false }
    this.errors = {}
  }

  /** One that waits to be sent, of this page or of one before. */
  get waiting(): Waiting | undefined {
    return this.#outbox.items.find((item) => item.kind === 'feedback' && !item.failed && item.seq === undefined)
  }

  /** One that the server refused for good. */
  get failed(): Waiting | undefined {
    return this.#outbox.items.find((item) => item.kind === 'feedback' && item.failed)
  }

  /** Puts what was refused back into the fields, with what was said against it. */
  takeUp({ form, failed }: Waiting) {
    const { name = '', email, phone, topic = '' } = form ?? {}
    this.fields = { name, contact: email ?? phone ?? '', topic, consent: form !== undefined }
    this.errors = refusedFields[failed?.field ?? ''] ?? refusedCodes[failed?.code ?? ''] ?? {}
    this.sent = null
  }

  begin() {
    this.sent = null
    this.errors = {}
  }
}

const refusedFields: Record<string, Errors> = {
  name: { name: 'wrong.line' },
  phone: { contact: 'wrong.contact' },
  contact: { contact: 'wrong.contact' },
  topic: { topic: 'wrong.line' },
  consent: { consent: 'missing.consent' },
}

const refusedCodes: Record<string, Errors> = {
  email_invalid: { contact: 'wrong.email' },
  text_missing: { text: 'missing.text' },
  text_too_long: { text: 'reason.text_too_long' },
}

function errorsIn({ name, contact, topic, consent }: Fields, text: string): Errors {
  const errors: Errors = {}
  if (name.trim() === '') errors.name = 'missing.name'
  else if (name.length > longest.name) errors.name = 'wrong.line'
  const wrongContact = errorOfContact(contact.trim())
  if (wrongContact) errors.contact = wrongContact
  if (topic.length > longest.topic) errors.topic = 'wrong.line'
  if (text.trim() === '') errors.text = 'missing.text'
  else if (text.length > longestText) errors.text = 'reason.text_too_long'
  if (!consent) errors.consent = 'missing.consent'
  return errors
}

function errorOfContact(contact: string): WidgetKey | null {
  if (contact === '') return 'missing.contact'
  if (contact.length > longest.contact) return 'wrong.contact'
  if (contact.includes('@')) return isEmail(contact) ? null : emailError(contact)
  return (contact.match(/\d/g) ?? []).length >= 5 ? null : 'wrong.contact'
}

/** What is wrong with an address, as precisely as can be said. */
export const emailError = (email: string): WidgetKey => (/@\s*$/.test(email) ? 'wrong.ends_at' : 'wrong.email')
