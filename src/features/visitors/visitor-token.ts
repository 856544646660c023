import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { digest, newId } from '../../platform/lib/id.ts'
import { refuse } from '../../platform/lib/refuse.ts'
import { secretKey } from '../../platform/lib/secret-key.ts'

/** A visitor who has shown a token of ours. Nothing of theirs need be stored yet. */
export type VisitorActor = { kind: 'visitor'; visitorId: string; siteId: string; tokenHash: string }

// k1 || site (16 bytes) || visitor (16) || 128 random bits || HMAC-SHA-256 (32) over what stands before it.
const prefix = 'k1.'
const bodyBytes = 48
const onceBytes = 16
const macBytes = 32

/** Makes a token for a new visitor of a site. Stores nothing: it carries what it needs, under our key. */
export const issueVisitorToken = (siteId: string): string => tokenOf(siteId, newId(), randomBytes(onceBytes))

/** Another token of a visitor who is known, for another browser of theirs: the same one for the same 16 bytes. */
export const furtherVisitorToken = (siteId: string, visitorId: string, once: Buffer): string =>
  tokenOf(siteId, visitorId, once.subarray(0, onceBytes))

function tokenOf(siteId: string, visitorId: string, once: Buffer): string {
  const body = Buffer.concat([idBytes(siteId), idBytes(visitorId), once])
  return prefix + Buffer.concat([body, mac(body)]).toString('base64url')
}

/** Reads a token without a look-up. Refuses `token_invalid` for whatever was not made by `issueVisitorToken`. */
export function readVisitorToken(token: unknown): VisitorActor {
  if (typeof token !== 'string' || token.length > 200 || !token.startsWith(prefix)) throw refuse('token_invalid')
  const bytes = Buffer.from(token.slice(prefix.length), 'base64url')
  // Base64 has more than one spelling of the same bytes; a second one would be a second token with another hash.
  if (bytes.length !== bodyBytes + macBytes || prefix + bytes.toString('base64url') !== token)
    throw refuse('token_invalid')
  const body = bytes.subarray(0, bodyBytes)
  if (!timingSafeEqual(mac(body), bytes.subarray(bodyBytes))) throw refuse('token_invalid')
  return { kind: 'visitor', siteId: idOf(body, 0), visitorId: idOf(body, 16), tokenHash: digest(token) }
}

const mac = (body: Buffer): Buffer => createHmac('sha256', secretKey('visitor-token')).update(body).digest()

const idBytes = (id: string): Buffer => Buffer.from(id.replaceAll('-', ''), 'hex')

function idOf(bytes: Buffer, offset: number): string {
  const hex = bytes.toString('hex', offset, offset + 16)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
