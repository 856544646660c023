import type { ConversationRow, MessageRow } from './schema.ts'

/** One entry that was added to a log, and the conversation as it is with it. */
export type Added = { message: MessageRow; conversation: ConversationRow }

declare module '../../platform/live/bus.ts' {
  interface Events {
    'conversation.opened': { conversation: ConversationRow }
    'conversation.taken': Added
    'conversation.finished': Added
    'conversation.reopened': Added
    /** Every entry of every log, whatever else it means: what live views append. */
    'entry.added': Added
    /** The zone of their contact has changed: they stand in other lists now. */
    'conversations.zoned': { conversationIds: string[] }
  }
}
