import './events.ts'

export { type AgentActor, cardOf } from './actor.ts'
export type { Added } from './events.ts'
export {
  conversationsOf,
  conversationToChange,
  countFolders,
  cursorOf,
  type Folder,
  type FolderCursor,
  findConversation,
  listFolder,
  readConversationToChange,
} from './find.ts'
export { finishConversation } from './finish.ts'
export { append } from './log.ts'
export { openInside } from './open.ts'
export { reopenConversation, reopenInside } from './reopen.ts'
export {
  type ConversationRow,
  type EventData,
  type EventName,
  type FeedbackForm,
  type MessageRow,
  messages,
  type Page,
} from './schema.ts'
export { takeConversation, takeInside } from './take.ts'
