import './events.ts'

export type { ReadMarked } from './events.ts'
export { listEntries, publicPage } from './list-entries.ts'
export { readSeq, readUpTo } from './read-up-to.ts'
export type { NewMessage } from './new-message.ts'
export { type Ack, findAck, sendMessage } from './send-message.ts'
