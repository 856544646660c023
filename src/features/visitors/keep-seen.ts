import { and, eq, isNull, lt, or } from 'drizzle-orm'
import { writeLocking } from '../../platform/db/write.ts'
import type { Seen } from './note-seen.ts'
import { visitors } from './schema.ts'

/** Keeps when and where visitors were last seen, in one write. Who has no row gets none. */
export async function keepSeen(seen: Seen[]): Promise<void> {
  // In one order, so that of two who keep the same ones neither waits for the other.
  const ordered = seen.toSorted((a, b) => (a.visitorId < b.visitorId ? -1 : 1))
  await writeLocking(async (tx) => {
    for (const { visitorId, at, visit } of ordered) {
      const earlier = or(isNull(visitors.lastSeenAt), lt(visitors.lastSeenAt, at))
      await tx
        .update(visitors)
        .set({ lastSeenAt: at, ...told(visit) })
        .where(and(eq(visitors.id, visitorId), earlier))
    }
  })
}

// What a browser did not say this time it has said before, or never; where it came from at first stays.
function told({ page, language, timeZone, userAgent }: Seen['visit']) {
  return {
    ...(page && { page }),
    ...(language && { language }),
    ...(timeZone && { timeZone }),
    ...(userAgent && { userAgent }),
  }
}
