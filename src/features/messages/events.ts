import type { Added } from '../conversations/index.ts'

/** A mark that was raised: `reader` has read up to `seq`. */
export type ReadMarked = {
  conversationId: string
  siteId: string
  visitorId: string
  readerKind: 'visitor' | 'agent'
  readerId: string
  seq: number
}

declare module '../../platform/live/bus.ts' {
  interface Events {
    'message.sent': Added
    'read.marked': ReadMarked
    /** A "read all" was undone: the agent's marks there are back where they were. */
    'marks.lowered': { agentId: string; conversationIds: string[] }
  }
}
