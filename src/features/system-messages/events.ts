import type { SystemMessage } from './schema.ts'

declare module '../../platform/live/bus.ts' {
  interface Events {
    'system.told': { message: SystemMessage }
    /** What some of them tell of is over. */
    'system.over': { ids: string[] }
    /** How far this agent has read them, or whether they see them, has changed. */
    'system.marked': { agentId: string }
  }
}
