/** An agent who acts. */
export type AgentActor = { kind: 'agent'; agentId: string; name: string }
