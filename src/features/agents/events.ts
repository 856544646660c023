declare module '../../platform/live/bus.ts' {
  interface Events {
    /** These sessions are dead: their sockets close. */
    'sessions.ended': { agentId: string; sessionIds: string[] }
  }
}

export type SessionsEnded = { agentId: string; sessionIds: string[] }
