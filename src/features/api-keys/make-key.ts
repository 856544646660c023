import { write } from '../../platform/db/write.ts'
import { now } from '../../platform/lib/clock.ts'
import { digest, newId, newSecret } from '../../platform/lib/id.ts'
import { refuse } from '../../platform/lib/refuse.ts'
import { isLine, tidyLine } from '../../platform/lib/text.ts'
import { logChange } from '../settings/index.ts'
import { type ApiKey, apiKeys } from './schema.ts'

/** What every key begins with, so that one that leaked is known for what it is. */
export const keyPrefix = 'kontuar_'
const secretBytes = 32
const shownCharacters = keyPrefix.length + 4
export const longestKeyName = 60

/**
 * Makes a key for a program of the shop. The key is answered this once and kept as its digest. Refuses `name_missing` for
 * what is not a line of 1 to 60 characters.
 */
export async function makeKey(agent: { agentId: string }, name: unknown): Promise<{ key: string; kept: ApiKey }> {
  const line = typeof name === 'string' ? tidyLine(name) : ''
  if (line === '' || !isLine(line, longestKeyName)) throw refuse('name_missing')
  const key = keyPrefix + newSecret(secretBytes)
  const kept: ApiKey = {
    ...{ id: newId(), name: line, beginning: key.slice(0, shownCharacters), keyHash: digest(key) },
    ...{ agentId: agent.agentId, createdAt: now(), usedAt: null, revokedAt: null },
  }
  await write(async (tx) => {
    await tx.insert(apiKeys).values(kept)
    const what = { page: 'installation', kind: 'created', subjectId: kept.id, subject: line } as const
    await logChange(tx, { ...what, agentId: agent.agentId, fields: { key: { before: null, after: true } } })
  })
  return { key, kept }
}
