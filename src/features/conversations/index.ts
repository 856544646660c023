import './events.ts'

export { type AgentActor, cardOf } from './actor.ts'
export type { Added } from './events.ts'
export {
  conversationsOf,
  conversationsToChange,
  conversationToChange,
  findConversation,
  readConversationToChange,
} from './find.ts'
export { finishConversation } from './finish.ts'
export {
  type Among,
  comparePlaces,
  countFolder,
  countFolders,
  cursorOf,
  everything,
  type Folder,
  type FolderCursor,
  folderOrder,
  inFolderOrder,
  inOrder,
  isAmong,
  listFolder,
  pastCursor,
  waysInto,
} from './folders.ts'
export { type Deed, type ImportedLog, importLogs, type Log } from './import-logs.ts'
export { hasConversations } from './has-conversations.ts'
export { heldBy } from './held-by.ts'
export { append } from './log.ts'
export { latestOf } from './latest-of.ts'
export { openInside } from './open.ts'
export { conversationsOfAll } from './past.ts'
export { placeConversations } from './place-conversations.ts'
export { reopenConversation, reopenInside } from './reopen.ts'
export {
  type Channel,
  type ConversationRow,
  conversations,
  type EventData,
  type EventName,
  type FeedbackForm,
  type MessageRow,
  messages,
  type Page,
} from './schema.ts'
export { takeConversation, takeInside } from './take.ts'
export { isClientId, textDigest } from './text-entry.ts'
