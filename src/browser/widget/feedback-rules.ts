import type { WidgetKey } from '../../catalogues/widget-words.ts'
import { contactOf, emailError } from './contact-fields.ts'
import type { Errors, Field, Fields } from './feedback.ts'
import type { Waiting } from './outbox.ts'
import type { FeedbackForm } from './protocol.ts'

const order: Field[] = ['name', 'contact', 'topic', 'text', 'consent']
const longest = { name: 100, contact: 254, topic: 200, text: 8000 }

/** The first field that something is wrong with. */
export const firstWrong = (errors: Errors): Field | undefined => order.find((field) => errors[field])

/** What is missing or wrong in the form, field by field. The server asks for the same. */
export function errorsIn({ name, contact, topic, consent }: Fields, text: string): Errors {
  const errors: Errors = {}
  if (name.trim() === '') errors.name = 'missing.name'
  else if (name.length > longest.name) errors.name = 'wrong.line'
  const wrongContact = errorOfContact(contact.trim())
  if (wrongContact) errors.contact = wrongContact
  if (topic.length > longest.topic) errors.topic = 'wrong.line'
  if (text.trim() === '') errors.text = 'missing.text'
  else if (text.length > longest.text) errors.text = 'wrong.line'
  if (!consent) errors.consent = 'missing.consent'
  return errors
}

function errorOfContact(contact: string): WidgetKey | null {
  if (contact === '') return 'missing.contact'
  if (contact.length > longest.contact) return 'wrong.contact'
  if (contact.includes('@')) return emailError(contact)
  return (contact.match(/\d/g) ?? []).length < 5 ? 'wrong.contact' : null
}

/** The form as it is sent. */
export const formOf = ({ name, contact, topic }: Fields): FeedbackForm & { consent: true } => ({
  name: name.trim(),
  ...contactOf(contact),
  topic: topic.trim(),
  consent: true,
})

/** The fields of a form that was refused, or taken back. */
export function fieldsOf({ form }: Waiting): Fields {
  const { name = '', email, phone, topic = '' } = form ?? {}
  return { name, contact: email ?? phone ?? '', topic, consent: form !== undefined }
}

/** What the server had against it. */
export const refusedFor = ({ failed }: Waiting): Errors =>
  refusedFields[failed?.field ?? ''] ?? refusedCodes[failed?.code ?? ''] ?? {}

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
  text_too_long: { text: 'wrong.line' },
}
