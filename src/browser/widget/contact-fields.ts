const part = '[^\\s@<>()[\\]\\\\,;:"]+'
const shape = new RegExp(`^${part}@${part}\\.[^\\s@<>()[\\]\\\\,;:".]{2,}$`, 'u')

/** Whether it may be an e-mail address. The server takes a little more; nobody has such an address to be answered at. */
export const isEmail = (text: string): boolean => text.length <= 254 && shape.test(text.trim())

/** An e-mail address or a phone number, whichever was written. */
export function contactOf(text: string): { email: string } | { phone: string } {
  const contact = text.trim()
  return contact.includes('@') ? { email: contact } : { phone: contact.slice(0, 40) }
}
