import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { secretKey } from './secret-key.ts'

// s1. || nonce (12 bytes) || tag (16) || text, by AES-256-GCM (NIST SP 800-38D) under a key of the purpose's own.
const prefix = 's1.'
const cipher = 'aes-256-gcm'
const nonceBytes = 12
const tagBytes = 16

/** Hides a text from whoever has the store or the link but not `secret.key`. The purpose is part of it: no other opens it. */
export function seal(purpose: string, text: string): string {
  const nonce = randomBytes(nonceBytes)
  const sealing = createCipheriv(cipher, secretKey(purpose), nonce)
  const hidden = Buffer.concat([sealing.update(text, 'utf8'), sealing.final()])
  return prefix + Buffer.concat([nonce, sealing.getAuthTag(), hidden]).toString('base64url')
}

/** What `seal` hid; null when it was not sealed with this key for this purpose, or was changed since. */
export function unseal(purpose: string, sealed: unknown): string | null {
  if (typeof sealed !== 'string' || !sealed.startsWith(prefix)) return null
  const bytes = Buffer.from(sealed.slice(prefix.length), 'base64url')
  // Base64 has more than one spelling of the same bytes.
  if (bytes.length < nonceBytes + tagBytes || prefix + bytes.toString('base64url') !== sealed) return null
  try {
    const opening = createDecipheriv(cipher, secretKey(purpose), bytes.subarray(0, nonceBytes))
    opening.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes))
    return Buffer.concat([opening.update(bytes.subarray(nonceBytes + tagBytes)), opening.final()]).toString('utf8')
  } catch {
    return null
  }
}
