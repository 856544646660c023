import type { Tx } from '../../platform/db/executor.ts'
import { refuse } from '../../platform/lib/refuse.ts'
import { agentName } from './find-agent.ts'

/** Makes sure that all of these are agents of the house, for what is brought in from elsewhere. Refuses `bad_request`. */
export async function mustBeAgents(tx: Tx, ids: Iterable<string>): Promise<void> {
  for (const id of new Set(ids)) if ((await agentName(id, tx)) === null) throw refuse('bad_request')
}
