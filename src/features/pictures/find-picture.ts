import { eq } from 'drizzle-orm'
import type { Executor } from '../../platform/db/executor.ts'
import { db } from '../../platform/db/open.ts'
import { pictures } from './schema.ts'

const shape = /^[0-9a-f]{64}$/

/** Whether a value has the shape of a picture's hash. */
export const isPictureHash = (value: unknown): value is string => typeof value === 'string' && shape.test(value)

/** Whether a picture with this hash is kept, as `executor` sees it. */
export async function pictureExists(hash: string, executor: Executor = db): Promise<boolean> {
  if (!isPictureHash(hash)) return false
  const found = await executor.select({ hash: pictures.hash }).from(pictures).where(eq(pictures.hash, hash))
  return found.length > 0
}

/** The picture with this hash; null when there is none. */
export async function findPicture(hash: string): Promise<{ mediaType: string; bytes: Uint8Array } | null> {
  if (!isPictureHash(hash)) return null
  const [picture] = await db.select().from(pictures).where(eq(pictures.hash, hash))
  return picture ? { mediaType: picture.mediaType, bytes: new Uint8Array(Buffer.from(picture.bytes, 'base64')) } : null
}
