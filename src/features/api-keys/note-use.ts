import { eq } from 'drizzle-orm'
import { write } from '../../platform/db/write.ts'
import { now } from '../../platform/lib/clock.ts'
import { log } from '../../platform/lib/log.ts'
import { type ApiKey, apiKeys } from './schema.ts'

const minuteMs = 60_000
// Those that were read at once with the same old time are not all written.
const noting = new Set<string>()

/** Keeps when a key was last used, to the minute. A request waits for it at most once a minute. */
export async function noteUse({ id, usedAt }: ApiKey): Promise<void> {
  const minute = now() - (now() % minuteMs)
  if ((usedAt !== null && usedAt >= minute) || noting.has(id)) return
  noting.add(id)
  try {
    await write((tx) => tx.update(apiKeys).set({ usedAt: minute }).where(eq(apiKeys.id, id)))
  } catch (error) {
    // What the request itself writes will say so.
    log.warn('when an API key was last used was not kept', { error })
  } finally {
    noting.delete(id)
  }
}
