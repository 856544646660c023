import './events.ts'

export type { ReadMarked } from './events.ts'
export { type HadRead, type History, importHistories } from './import-histories.ts'
export { listEntries, publicPage } from './list-entries.ts'
export { readAll } from './read-all.ts'
export { readSeq, readUpTo } from './read-up-to.ts'
export type { NewMessage } from './new-message.ts'
export { type Ack, findAck, sendMessage } from './send-message.ts'
