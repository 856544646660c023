import type { WidgetKey } from '../../catalogues/widget-words.ts'

const part = '[^\\s@<>()[\\]\\\\,;:"]+'
const shape = new RegExp(`^${part}@${part}\\.[^\\s@<>()[\\]\\\\,;:".]{2,}$`, 'u')

/**
 * What is wrong with an e-mail address, as precisely as can be said; null: nothing. The server takes a little more; nobody
 * has such an address to be answered at.
 */
export function emailError(text: string): WidgetKey | null {
  const email = text.trim()
  if (email.length <= 254 && shape.test(email)) return null
  return email.endsWith('@') ? 'wrong.ends_at' : 'wrong.email'
}

/** An e-mail address or a phone number, whichever was written. */
export function contactOf(text: string): { email: string } | { phone: string } {
  const contact = text.trim()
  return contact.includes('@') ? { email: contact } : { phone: contact.slice(0, 40) }
}
