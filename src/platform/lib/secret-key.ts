import { createHmac, randomBytes } from 'node:crypto'
import { linkSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CannotStart } from './cannot-start.ts'

const keyBytes = 32
let root: Buffer | null = null
const derived = new Map<string, Buffer>()

/**
 * Reads `<folder>/secret.key`, or makes it at the first start (32 random bytes in hex, mode 600).
 * Throws `CannotStart` when the file is not such a key: a new one in its place would sign every visitor out.
 */
export function openSecretKey(folder: string): void {
  const path = join(folder, 'secret.key')
  const text = readOrMake(path).trim()
  if (!/^[0-9a-f]{64}$/.test(text))
    throw new CannotStart(
      `${path} is not a key of Kontuar's. Restore it from a backup; without it visitors lose their conversations.`,
    )
  root = Buffer.from(text, 'hex')
  derived.clear()
}

/** A key for one purpose, derived from the root (HMAC-SHA-256 of the purpose's name), so that no two share one. */
export function secretKey(purpose: string): Buffer {
  if (!root) throw new Error('the secret key is not open')
  let key = derived.get(purpose)
  if (!key) {
    key = createHmac('sha256', root).update(purpose).digest()
    derived.set(purpose, key)
  }
  return key
}

function readOrMake(path: string): string {
  try {
    const { mode } = statSync(path)
    if ((mode & 0o077) !== 0) throw new CannotStart(`${path} can be read by others. Run: chmod 600 ${path}`)
    return readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as { code?: string }).code !== 'ENOENT') throw error
  }
  // Written aside and linked into place: a kill in between never leaves half a key.
  const fresh = `${path}.${process.pid}`
  const text = `${randomBytes(keyBytes).toString('hex')}\n`
  writeFileSync(fresh, text, { mode: 0o600, flush: true })
  linkSync(fresh, path)
  rmSync(fresh)
  return text
}
