import { createAgent, listAgents, type NewAgent } from '../features/agents/index.ts'
import { listSites } from '../features/sites/index.ts'

/** What the command line may do to a store: in the running server, or in its own process when there is none. */
export const controlCommands = {
  'user.create': async (args: NewAgent) => ({ id: (await createAgent(args)).id }),
  'user.list': async () => listAgents(),
  'site.list': async () => listSites(),
}

export type ControlName = keyof typeof controlCommands
