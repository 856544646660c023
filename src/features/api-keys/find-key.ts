import { and, asc, eq, isNull, sql } from 'drizzle-orm'
import { db } from '../../platform/db/open.ts'
import { prepared } from '../../platform/db/prepared.ts'
import { digest } from '../../platform/lib/id.ts'
import { type ApiKey, apiKeys } from './schema.ts'
import { keyPrefix } from './make-key.ts'

const byHash = prepared((x) =>
  x
    .select()
    .from(apiKeys)
    .where(and(eq(apiKeys.keyHash, sql.placeholder('keyHash')), isNull(apiKeys.revokedAt)))
    .prepare(),
)

const longestKey = 100

/** The key that a program sent as `Authorization: Bearer …`; null when it is none of ours, or revoked. */
export async function keyOf(authorization: string | null): Promise<ApiKey | null> {
  const [, key] = /^Bearer +(\S+)$/i.exec(authorization ?? '') ?? []
  if (key === undefined || !key.startsWith(keyPrefix) || key.length > longestKey) return null
  const [found] = await byHash(db).execute({ keyHash: digest(key) })
  return found ?? null
}

/** Every key that is not revoked, the oldest first. */
export const listKeys = async (): Promise<ApiKey[]> =>
  db.select().from(apiKeys).where(isNull(apiKeys.revokedAt)).orderBy(asc(apiKeys.createdAt), asc(apiKeys.id))
