import type { Tx } from '../../platform/db/executor.ts'
import { now } from '../../platform/lib/clock.ts'
import { digest } from '../../platform/lib/id.ts'
import { visitorTokens } from './schema.ts'

/** Keeps that a further token of a visitor was given out; false when it was before. */
export async function keepFurtherToken(tx: Tx, visitorId: string, token: string): Promise<boolean> {
  const kept = await tx
    .insert(visitorTokens)
    .values({ tokenHash: digest(token), visitorId, createdAt: now() })
    .onConflictDoNothing()
    .returning()
  return kept.length > 0
}
