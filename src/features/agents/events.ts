declare module '../../platform/live/bus.ts' {
  interface Events {
    /** These sessions are dead: their sockets close. */
    'sessions.ended': { agentId: string; sessionIds: string[] }
    /** An agent says that they are away (since then), or (null) there again. */
    'agent.presence': { agentId: string; awaySince: number | null }
  }
}

export type SessionsEnded = { agentId: string; sessionIds: string[] }
