import { emptyLog, type Log, takeEntries, takeEntry } from './log.ts'
import type { Outbox } from './outbox.ts'
import type { Outside } from './outside.ts'
import { ServerClock } from './server-clock.ts'
import type {
  Availability,
  ConversationState,
  Entries,
  Entry,
  PolledEntries,
  Session,
  SiteInfo,
  Visitor,
  Welcome,
} from './protocol.ts'
import { defaultSettings, type WidgetSettings } from '../../../views/widget/settings.ts'
import { type WindowMode, windowMode } from '../../../views/widget/window-mode.ts'

const typingShownMs = 6_000

/** What the visitor's side knows: the site, who is there, and the current conversation as far as its log was read. */
export class Known {
  site: SiteInfo | null = null
  /** null: not known now; never shown as online */
  availability: Availability | null = null
  /** null: not known yet */
  visitor: Visitor | null = null
  conversation: ConversationState | null = null
  /** whether the log was read to its end since the start: what comes from then on is news */
  synced = false
  log: Log = emptyLog()
  /** Up to here the log has stood before an agent: one was there, or one has answered. */
  deliveredSeq = 0
  readonly clock: ServerClock
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
    this.#changed = () => {
      this.#deliver()
      changed()
    }
    this.clock = new ServerClock(() => outside.now())
  }

  get settings(): WidgetSettings {
    return { ...defaultSettings, ...this.site?.widget }
  }

  /** What this visitor is offered, as far as it is known. */
  get mode(): WindowMode {
    const { chatEnabled = true, audience = 'anyone' } = this.site ?? {}
    const verified = this.visitor?.verified ?? false
    // Nobody is said to be away before it is known.
    return windowMode({ chatEnabled, audience, verified, agentsThere: this.availability?.status !== 'away' })
  }

  /** Answers whether the conversation is the one that was known before; null when there is none. */
  takeWelcome(frame: Welcome): boolean | null {
    this.#takeStanding(frame)
    // The current one stands first.
    const [current] = frame.conversations
    this.synced ||= !current
    if (!current) return null
    const resumed = this.conversation?.id === current.id
    this.#setConversation(current)
    return resumed
  }

  takeSession(session: Session) {
    this.#takeStanding(session)
    this.#changed()
  }

  changeSite(change: Partial<SiteInfo>) {
    this.site = { ...(this.site ?? { id: this.#siteId, name: '', chatEnabled: true }), ...change }
    this.#changed()
  }

  changeAvailability({ agents, status, backAt = null }: Partial<Availability>) {
    if (agents === undefined) return
    this.availability = { agents, status: status ?? (agents > 0 ? 'online' : 'away'), backAt }
    this.#changed()
  }

  changeVisitor(change: Partial<Visitor>) {
    this.visitor = { verified: false, blocked: false, email: null, ...this.visitor, ...change }
    this.#changed()
  }

  meet(conversationId: string) {
    if (this.conversation?.id === conversationId) return
    this.#setConversation({ id: conversationId, seq: 0, state: 'waiting' })
  }

  /** We are another visitor from here on. */
  forgetConversation() {
    this.#clear()
    this.synced = false
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
    if (page.conversationId) this.meet(page.conversationId)
    const before = this.log.watermark
    const whole = !page.conversationId || takeEntries(this.log, page)
    this.synced ||= whole
    if (!page.conversationId) return { whole, further: false }
    if (page.readSeq) this.agentsRead(page.conversationId, page.readSeq)
    this.#entered(page.items)
    return { whole, further: this.log.watermark > before }
  }

  takePolled({ state, ...page }: PolledEntries): { whole: boolean; further: boolean } {
    this.#takeStanding(page)
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

  #takeStanding({ site, availability, visitor }: Partial<Pick<Session, 'site' | 'availability' | 'visitor'>>) {
    if (site) this.site = { ...this.site, ...site }
    this.availability = availability ?? null
    if (visitor) this.visitor = visitor
  }

  #setConversation(current: ConversationState) {
    if (current.id !== this.conversation?.id) this.#clear()
    this.conversation = { ...current, readSeq: Math.max(current.readSeq ?? 0, this.conversation?.readSeq ?? 0) }
  }

  /** The console of whoever is there shows what is kept. Who leaves takes nothing of that back. */
  #deliver() {
    const answered = this.log.entries.findLast(({ author }) => author.kind === 'agent')?.seq ?? 0
    const shown = this.availability?.status === 'online' ? this.log.watermark : answered
    this.deliveredSeq = Math.max(this.deliveredSeq, shown)
  }

  #clear() {
    this.conversation = null
    this.deliveredSeq = 0
    this.log = emptyLog()
  }

  #entered(entries: Entry[]) {
    for (const entry of entries) {
      this.clock.heard(entry.at)
      if (entry.clientId) this.#outbox.drop(entry.clientId)
      if (entry.author.kind === 'agent') this.setTypingAgent(null)
      if (entry.kind === 'event') this.#happened(entry)
      else if (entry.author.kind === 'visitor') this.reopenByWriting()
      // The take itself is not told to visitors; whoever answers has taken the conversation.
      else if (entry.author.kind === 'agent' && this.conversation) this.conversation.state = 'active'
    }
    this.#changed()
  }

  #happened({ body, email }: Entry) {
    if (!this.conversation) return
    if (body === 'finished') this.conversation.state = 'finished'
    else if (body === 'reopened') this.reopenByWriting()
    else if (body === 'email_given' && email && this.visitor) this.visitor.email ??= email
  }
}
