import type { WidgetKey } from '../../catalogues/widget-words.ts'
import type { Outbox, Waiting } from './outbox.ts'
import type { Attributes } from './port.ts'

export type Field = 'name' | 'contact' | 'topic' | 'text' | 'consent'
export type Fields = { name: string; contact: string; topic: string; consent: boolean }
export type Errors = Partial<Record<Field, WidgetKey>>

/** The feedback form as it is being filled in. Its text is the draft of the chat, so that neither loses what was typed. */
export class Feedback {
  fields: Fields = { name: '', contact: '', topic: '', consent: false }
  errors: Errors = {}
  /** the text that was handed in last, until another is begun */
  sent: string | null = null

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

  /** One that waits to be sent, of this page or of one before. */
  get waiting(): Waiting | undefined {
    return this.#outbox.items.find((item) => item.kind === 'feedback' && !item.failed && item.seq === undefined)
  }

  /** One that the server refused for good. */
  get failed(): Waiting | undefined {
    return this.#outbox.items.find((item) => item.kind === 'feedback' && item.failed)
  }
}
