import { emptyLog, type Log, takeEntries, takeEntry } from './log.ts'
import type { Outbox } from './outbox.ts'
import type { Outside } from './outside.ts'
import type {
  Availability,
  ConversationState,
  Entries,
  Entry,
  PolledEntries,
  ServerFrame,
  Session,
  SiteInfo,
} from './protocol.ts'

const typingShownMs = 6_000

/** What the visitor's side knows: the site, who is there, and the current conversation as far as its log was read. */
export class Known {
  site: SiteInfo | null = null
  /** null: not known now; never shown as online */
  availability: Availability | null = null
  conversation: ConversationState | null = null
  log: Log = emptyLog()
  /** name of the agent who is typing; '' when the server gave none */
  typingAgent: string | null = null

  readonly #siteId: string
  readonly #outbox: Outbox
  readonly #outside: Outside
  readonly #changed: () => void
  #cancelTyping = () => {}

  constructor(siteId: string, outbox: Outbox, outside: Outside, changed: () => void) {
    this.#siteId = siteId
    this.#outbox = outbox
    this.#outside = outside
    this.#changed = changed
  }

  /** Answers whether the conversation is the one that was known before; null when there is none. */
  takeWelcome(frame: Extract<ServerFrame, { type: 'welcome' }>): boolean | null {
    this.site = { ...this.site, ...frame.site }
    this.availability = frame.availability
    // The current one stands first.
    const [current] = frame.conversations
    if (!current) return null
    const resumed = this.conversation?.id === current.id
    this.#setConversation(current)
    return resumed
  }

  takeSession({ site, availability }: Session) {
    this.site = { ...this.site, ...site }
    this.availability = availability ?? null
    this.#changed()
  }

  changeSite(change: Partial<SiteInfo>) {
    this.site = { ...(this.site ?? { id: this.#siteId, name: '', chatEnabled: true }), ...change }
    this.#changed()
  }

  changeAvailability({ agents, status }: Partial<Availability>) {
    if (agents === undefined) return
    this.availability = { agents, status: status ?? (agents > 0 ? 'online' : 'away') }
    this.#changed()
  }

  meet(conversationId: string) {
    if (this.conversation?.id === conversationId) return
    this.#setConversation({ id: conversationId, seq: 0, state: 'waiting' })
  }

  forgetConversation() {
    this.conversation = null
    this.log = emptyLog()
  }

  /** Takes a live entry; false when there is a hole before it. */
  takeEntry(entry: Entry): boolean {
    this.meet(entry.conversationId)
    if (!takeEntry(this.log, entry)) return false
    this.#entered([entry])
    return true
  }

  /** Takes a page of the log; says whether it was the last and whether it brought us further. */
  takePage(page: Entries): { whole: boolean; further: boolean } {
    if (!page.conversationId) return { whole: true, further: false }
    this.meet(page.conversationId)
    const before = this.log.watermark
    const whole = takeEntries(this.log, page)
    if (page.readSeq) this.agentsRead(page.conversationId, page.readSeq)
    this.#entered(page.items)
    return { whole, further: this.log.watermark > before }
  }

  takePolled({ site, availability, state, ...page }: PolledEntries): { whole: boolean; further: boolean } {
    if (site) this.site = { ...this.site, ...site }
    this.availability = availability ?? null
    const taken = this.takePage(page)
    if (state && this.conversation) this.conversation.state = state
    return taken
  }

  agentsRead(conversationId: string, seq: number) {
    if (this.conversation?.id !== conversationId || seq <= (this.conversation.readSeq ?? 0)) return
    this.conversation.readSeq = seq
    this.#changed()
  }

  setTypingAgent(name: string | null) {
    this.#cancelTyping()
    if (name !== null) this.#cancelTyping = this.#outside.after(typingShownMs, () => this.setTypingAgent(null))
    if (this.typingAgent === name) return
    this.typingAgent = name
    this.#changed()
  }

  /** Writing after the end reopens the conversation. */
  reopenByWriting() {
    if (this.conversation?.state === 'finished') this.conversation.state = 'waiting'
  }

  #setConversation(current: ConversationState) {
    if (current.id !== this.conversation?.id) this.forgetConversation()
    this.conversation = { ...current, readSeq: Math.max(current.readSeq ?? 0, this.conversation?.readSeq ?? 0) }
  }

  #entered(entries: Entry[]) {
    for (const entry of entries) {
      if (entry.clientId) this.#outbox.drop(entry.clientId)
      if (entry.author.kind === 'agent') this.setTypingAgent(null)
      if (entry.kind === 'event') this.#happened(entry.body)
      else if (entry.author.kind === 'visitor') this.reopenByWriting()
      // The take itself is not told to visitors; whoever answers has taken the conversation.
      else if (entry.author.kind === 'agent' && this.conversation) this.conversation.state = 'active'
    }
    this.#changed()
  }

  #happened(event: string) {
    if (!this.conversation) return
    if (event === 'finished') this.conversation.state = 'finished'
    else if (event === 'reopened') this.reopenByWriting()
  }
}
