/** A visitor types, or has emptied the box (`text` is null). Never stored. */
export type VisitorTyping = { siteId: string; visitorId: string; conversationId: string | null; text: string | null }
/** An agent types in a conversation. Never stored. */
export type AgentTyping = { conversationId: string; visitorId: string; agentId: string; name: string }

declare module '../../platform/live/bus.ts' {
  interface Events {
    'visitor.typing': VisitorTyping
    'agent.typing': AgentTyping
  }
}
