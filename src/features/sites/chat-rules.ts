import type { RefusalCode } from '../../platform/lib/refuse.ts'
import { checkText, foldEmail, checkEmail } from '../../platform/lib/text.ts'
import { isPictureHash } from '../pictures/index.ts'
import type { ChatSettings } from './chat-defaults.ts'
import type { MailCopies } from './schema.ts'

export const maxGreeting = 1000
export const maxAddresses = 20
export const maxDigestMinutes = 1440

/** What is wrong with an address: said beside it. */
export type AddressFault = 'no_at' | 'no_dot' | 'invalid'
/** What is wrong with a field of the chat's settings; addresses one by one. */
export type ChatErrors = {
  greeting?: 'text_too_long' | 'text_invalid'
  greetingPicture?: 'picture_invalid'
  addresses?: 'missing' | 'too_many'
  address?: { address: string; fault: AddressFault }[]
  digestMinutes?: 'range'
}
export type ChatForm = { [Field in keyof ChatSettings]: unknown } & { copies: { [Field in keyof MailCopies]: unknown } }

/** What was asked for, as it is kept, and what is wrong with it; nothing where `errors` is empty. */
export function checkChat(asked: ChatForm): { settings: ChatSettings; errors: ChatErrors } {
  const errors: ChatErrors = {}
  const copies = checkCopies(asked.copies, errors)
  const greetingPicture = isPictureHash(asked.greetingPicture) ? asked.greetingPicture : null
  if (asked.greetingPicture && greetingPicture === null) errors.greetingPicture = 'picture_invalid'
  const settings: ChatSettings = {
    chatEnabled: asked.chatEnabled === true,
    audience: asked.audience === 'registered' ? 'registered' : 'anyone',
    greeting: checkGreeting(asked.greeting, errors),
    greetingPicture,
    copies,
  }
  return { settings, errors }
}

function checkGreeting(value: unknown, errors: ChatErrors): string | null {
  const text = typeof value === 'string' ? value.replaceAll('\r\n', '\n') : ''
  if (text.trim() === '') return null
  try {
    return checkText(text, maxGreeting)
  } catch (error) {
    const { code } = error as { code: RefusalCode }
    errors.greeting = code === 'text_too_long' ? code : 'text_invalid'
    return text
  }
}

function checkCopies(asked: ChatForm['copies'], errors: ChatErrors): MailCopies {
  const on = asked.on === true
  const addresses = distinct(Array.isArray(asked.addresses) ? asked.addresses.map(String) : [])
  const faults = addresses.flatMap((address) => {
    const fault = faultOf(address)
    return fault ? [{ address, fault }] : []
  })
  if (faults.length > 0) errors.address = faults
  if (on && addresses.length === 0) errors.addresses = 'missing'
  if (addresses.length > maxAddresses) errors.addresses = 'too_many'
  return {
    on,
    addresses,
    digestMinutes: checkMinutes(asked.digestMinutes, errors),
    withAnswers: asked.withAnswers === true,
    withFeedback: asked.withFeedback === true,
  }
}

/** Null is each message as it comes. */
function checkMinutes(value: unknown, errors: ChatErrors): number | null {
  if (value === null) return null
  const minutes = typeof value === 'string' && /^\s*\d{1,4}\s*$/.test(value) ? Number(value) : Number.NaN
  if (minutes >= 1 && minutes <= maxDigestMinutes) return minutes
  errors.digestMinutes = 'range'
  return null
}

/** Why nothing can be sent to this address; null: it has the shape of one. */
export function faultOf(address: string): AddressFault | null {
  if (!address.includes('@')) return 'no_at'
  try {
    checkEmail(address)
  } catch {
    return 'invalid'
  }
  return /@[^@]+\.[^.@]+$/.test(address) ? null : 'no_dot'
}

function distinct(addresses: string[]): string[] {
  const byFold = new Map(
    addresses.map((one) => [foldEmail(one), one.trim()] as const).filter(([, address]) => address !== ''),
  )
  return [...byFold.values()]
}
