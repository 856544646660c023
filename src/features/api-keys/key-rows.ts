import type { KeyRow } from '../../../views/settings/api-keys.tsx'
import { listAgents } from '../agents/index.ts'
import { listKeys } from './find-key.ts'

/** The keys as the cabinet shows them. */
export async function keyRows(): Promise<KeyRow[]> {
  const [keys, agents] = await Promise.all([listKeys(), listAgents()])
  const names = new Map(agents.map(({ id, name }) => [id, name]))
  return keys.map(({ id, name, beginning, agentId, createdAt, usedAt }) => ({
    ...{ id, name, beginning, createdAt, usedAt },
    agentName: names.get(agentId) ?? '',
  }))
}
