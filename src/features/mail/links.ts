import { createHmac, timingSafeEqual } from 'node:crypto'
import { digest } from '../../platform/lib/id.ts'
import { refuse } from '../../platform/lib/refuse.ts'
import { seal, unseal } from '../../platform/lib/sealed.ts'
import { secretKey } from '../../platform/lib/secret-key.ts'
import { foldEmail } from '../../platform/lib/text.ts'

/** What a link in a mail lets its reader do: open this conversation, until then, while the address is still theirs. */
export type LinkOf = { conversationId: string; seq: number; email: string; expiresAt: number }

export const linkLastsMs = 14 * 24 * 3600_000

// m1. || conversation (16 bytes) || entry (4) || until (6) || digest of the address (16) || HMAC-SHA-256 (32) over what
// stands before it. It says nothing that changes between two tries of the same mail.
const prefix = 'm1.'
const bodyBytes = 42
const macBytes = 32

const mac = (body: Buffer): Buffer => createHmac('sha256', secretKey('mail-link')).update(body).digest()
const ofAddress = (email: string): Buffer => Buffer.from(digest(foldEmail(email)), 'base64url').subarray(0, 16)

/** Makes the capability that a link carries. */
export function signLink({ conversationId, seq, email, expiresAt }: LinkOf): string {
  const numbers = Buffer.alloc(10)
  numbers.writeUInt32BE(seq, 0)
  numbers.writeUIntBE(expiresAt, 4, 6)
  const body = Buffer.concat([Buffer.from(conversationId.replaceAll('-', ''), 'hex'), numbers, ofAddress(email)])
  return prefix + Buffer.concat([body, mac(body)]).toString('base64url')
}

/** A link as it was read; whether it is for an address is for `isFor` to say. */
export type ReadLink = {
  conversationId: string
  expiresAt: number
  isFor: (email: string) => boolean
  /** 16 bytes that are this link's alone, and that nobody can know from the link. */
  once: Buffer
}

/** Refuses `link_invalid` for whatever was not made by `signLink`. */
export function readLink(link: unknown): ReadLink {
  if (typeof link !== 'string' || link.length > 200 || !link.startsWith(prefix)) throw refuse('link_invalid')
  const bytes = Buffer.from(link.slice(prefix.length), 'base64url')
  // Base64 has more than one spelling of the same bytes; a second one would be a second link.
  if (bytes.length !== bodyBytes + macBytes || prefix + bytes.toString('base64url') !== link)
    throw refuse('link_invalid')
  const body = bytes.subarray(0, bodyBytes)
  if (!timingSafeEqual(mac(body), bytes.subarray(bodyBytes))) throw refuse('link_invalid')
  const hex = body.toString('hex', 0, 16)
  const conversationId = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join(
    '-',
  )
  return {
    conversationId,
    expiresAt: body.readUIntBE(20, 6),
    isFor: (email) => timingSafeEqual(ofAddress(email), body.subarray(26)),
    once: createHmac('sha256', secretKey('mail-link-token')).update(body).digest().subarray(0, 16),
  }
}

/** What the way out of our mails carries: whose address, and which shop's mail it stood in. */
export type Unsubscribing = { email: string; siteId: string }

const sealedFor = 'mail-unsubscribe'

/** Sealed, so that no log of addresses holds an address. */
export const sealUnsubscribing = (of: Unsubscribing): string => seal(sealedFor, JSON.stringify(of))

/** Refuses `link_invalid`. */
export function readUnsubscribing(sealed: unknown): Unsubscribing {
  const text = unseal(sealedFor, sealed)
  if (text === null) throw refuse('link_invalid')
  return JSON.parse(text) as Unsubscribing
}
