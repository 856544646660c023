import { createAgent, listAgents, type NewAgent } from '../features/agents/index.ts'
import { listSites } from '../features/sites/index.ts'
import { endTold, noticeKey, tellAgents } from '../features/system-messages/index.ts'

/** What the command line may do to a store: in the running server, or in its own process when there is none. */
export const controlCommands = {
  'user.create': async (args: NewAgent) => ({ id: (await createAgent(args)).id }),
  'user.list': async () => listAgents(),
  'site.list': async () => listSites(),
  'system.tell': async (told: { title: unknown; body: unknown; link: unknown; key: unknown }) => ({
    id: (await tellAgents({ kind: 'notice', ...told }))?.id ?? null,
  }),
  'system.end': async ({ key }: { key: string }) => ({ ended: await endTold([noticeKey(key)]) }),
}

export type ControlName = keyof typeof controlCommands
