import type { Tx } from '../../platform/db/executor.ts'
import { now } from '../../platform/lib/clock.ts'
import type { ReadyPicture } from './ready-picture.ts'
import { pictures } from './schema.ts'

/** Keeps a picture as part of another change and gives back the hash it is known by; one that is kept already stays. */
export async function keepPicture(tx: Tx, { hash, mediaType, bytes }: ReadyPicture): Promise<string> {
  const row = { hash, mediaType, bytes: Buffer.from(bytes).toString('base64'), createdAt: now() }
  await tx.insert(pictures).values(row).onConflictDoNothing()
  return hash
}
