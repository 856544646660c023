import './events.ts'

export { maxTextLength, maxTitleLength, type Told } from './check-told.ts'
export { type SystemCode, systemCodes } from './codes.ts'
export { endTold } from './end-told.ts'
export type { SystemMessage, SystemMessageKind } from './schema.ts'
export { tellAgents, tellAgentsInside } from './tell-agents.ts'
