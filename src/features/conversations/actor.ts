import type { EventData } from './schema.ts'

/** An agent who acts. */
export type AgentActor = {
  kind: 'agent'
  agentId: string
  name: string
  title?: string | null
  /** A picture's hash. */
  photo?: string | null
}

/** How an agent is shown beside an entry, for good: as they are at this moment. */
export const cardOf = ({ name, title, photo }: AgentActor): EventData => ({
  agentName: name,
  ...(title ? { agentTitle: title } : {}),
  ...(photo ? { agentPhoto: photo } : {}),
})
