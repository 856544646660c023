import { createHmac, timingSafeEqual } from 'node:crypto'
import { write } from '../../platform/db/write.ts'
import { createLimiter, noLimit } from '../../platform/http/limits.ts'
import { digest, newSecret } from '../../platform/lib/id.ts'
import { refuse } from '../../platform/lib/refuse.ts'
import { secretKey } from '../../platform/lib/secret-key.ts'
import { foldEmail } from '../../platform/lib/text.ts'
import { findByEmail, isUnchanged } from './find-agent.ts'
import { verifyPassword } from './passwords.ts'
import { maxPasswordLength } from './rules.ts'
import { endSessionByToken, openSession } from './sessions.ts'

export type Attempt = {
  email: unknown
  password: unknown
  /** The address to count by, as `clientIp` gives it. */
  ip: string
  /** The device cookie, if the browser has one. */
  device: string | null
  /** The session this browser leaves behind. */
  oldToken: string | null
}

// Ten attempts at once on an account or from a device, then one a minute; an office behind one address has more.
let byAccount = createLimiter({ perSecond: 1 / 60, burst: 10 })
let byDevice = createLimiter({ perSecond: 1 / 60, burst: 10 })
let byIp = createLimiter({ perSecond: 1 / 6, burst: 60 })

/** Counts attempts from now on, or, with `on` false, no longer (`--no-limits`). */
export function throttleSignIn(on: boolean): void {
  byAccount = on ? createLimiter({ perSecond: 1 / 60, burst: 10 }) : noLimit
  byDevice = on ? createLimiter({ perSecond: 1 / 60, burst: 10 }) : noLimit
  byIp = on ? createLimiter({ perSecond: 1 / 6, burst: 60 }) : noLimit
}

/**
 * Signs an agent in and ends the browser's old session. Refuses `sign_in_failed`, the same and after the same time
 * whether the e-mail, the password or the account is wrong; `sign_in_throttled`; `busy`.
 */
export async function signIn(attempt: Attempt): Promise<{ token: string; device: string }> {
  const email = typeof attempt.email === 'string' ? attempt.email.slice(0, 300) : ''
  const password = typeof attempt.password === 'string' ? attempt.password : ''
  const counted = count(email, attempt)
  const agent = await findByEmail(email)
  const open = agent && agent.disabledAt === null && password.length <= maxPasswordLength ? agent : null
  const right = await verifyPassword(password.slice(0, maxPasswordLength), open?.passwordHash ?? null, counted.known)
  if (!right || !open) throw refuse('sign_in_failed')
  counted.forget()
  const token = await write(async (tx) => {
    // Comparing took a while: a password that was changed meanwhile, or an agent shut out, must not get in late.
    if (!(await isUnchanged(tx, open))) throw refuse('sign_in_failed')
    if (attempt.oldToken) await endSessionByToken(tx, attempt.oldToken)
    return openSession(tx, open.id)
  })
  return { token, device: deviceFor(email) }
}

/**
 * A browser that has signed in to this account before is counted by its own device cookie (OWASP, "Slow Down Online
 * Guessing Attacks with Device Cookies"): whoever guesses from elsewhere uses up the bucket of unknown devices, and the
 * owner of the account still gets in.
 */
function count(email: string, { ip, device }: Attempt): { known: boolean; forget(): void } {
  const account = digest(foldEmail(email))
  const known = device !== null && isDeviceOf(device, email)
  const [limiter, key] = known ? [byDevice, digest(device)] : [byAccount, account]
  const taken = [limiter.take(key), ...(known ? [] : [byIp.take(ip)])]
  const retryAfterMs = Math.max(0, ...taken.map((one) => (one.ok ? 0 : one.retryAfterMs)))
  if (retryAfterMs > 0) throw refuse('sign_in_throttled', { retryAfterMs, minutes: Math.ceil(retryAfterMs / 60_000) })
  return { known, forget: () => limiter.forget(key) }
}

/** What marks a browser as one that has signed in to this account: a nonce and its MAC, nothing that is stored. */
export function deviceFor(email: string): string {
  const nonce = newSecret(16)
  return `${nonce}.${deviceMac(nonce, email).toString('base64url')}`
}

function isDeviceOf(device: string, email: string): boolean {
  const [nonce = '', given = ''] = device.split('.')
  const bytes = Buffer.from(given, 'base64url')
  const expected = deviceMac(nonce, email)
  return bytes.length === expected.length && timingSafeEqual(bytes, expected)
}

const deviceMac = (nonce: string, email: string): Buffer =>
  createHmac('sha256', secretKey('agent-device'))
    .update(`${nonce}\n${foldEmail(email)}`)
    .digest()
