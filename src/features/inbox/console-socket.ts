import { storeState } from '../../platform/db/state.ts'
import { createLimiter } from '../../platform/http/limits.ts'
import { asRefusal, problemJson } from '../../platform/http/problem.tsx'
import { FrameQueue, type SocketData, type SocketOf, sendOrClose } from '../../platform/http/socket.ts'
import { type Locale, translator } from '../../platform/lib/i18n.ts'
import { newId } from '../../platform/lib/id.ts'
import { log } from '../../platform/lib/log.ts'
import { refuse } from '../../platform/lib/refuse.ts'
import { publish } from '../../platform/live/bus.ts'
import { leave, unwatch, type Watcher, watch } from '../../platform/live/hub.ts'
import { enter, leavePresence, sayPresent, timesSaid } from '../../platform/live/presence.ts'
import { awaySince, isSessionAlive, type SignedIn } from '../agents/index.ts'
import { findConversation } from '../conversations/index.ts'
import { consolesAbout } from './card-live.ts'
import { storeNotice } from './fragments.tsx'
import { consoles, consolesAt, session } from './live.ts'
import { consolesOf } from './own-lists.ts'

const maxFrameBytes = 64 * 1024
// A page pings every 20 s and says little else; whoever says more is closed and comes back.
const paces = createLimiter({ perSecond: 20, burst: 200 })
const longestInbox = 200
const fullestInbox = 1024 * 1024
const checkSessionEveryMs = 5 * 60_000

/** Every console window that is connected now. */
export const consoleSockets = new Set<ConsoleSocket>()

/** One open console window: watches all lists, and the conversation it shows. Frames are handled one after another. */
export class ConsoleSocket implements SocketData {
  readonly #locale: Locale
  readonly #watcher: Watcher
  readonly #agent: SignedIn
  readonly #id = newId()
  readonly #frames = new FrameQueue((data) => this.#handle(data), longestInbox, fullestInbox)
  #ws: SocketOf | null = null
  #watching: { id: string; visitorId: string } | null = null
  #checking: Timer | null = null

  constructor(agent: SignedIn, locale: Locale) {
    this.#agent = agent
    this.#locale = locale
    this.#watcher = {
      locale,
      send: (text) => this.#send(text),
      close: (code, reason) => this.end(code, reason),
    }
  }

  open(ws: SocketOf): void {
    this.#ws = ws
    consoleSockets.add(this)
    watch(this.#watcher, consoles)
    watch(this.#watcher, session(this.#agent.sessionId))
    watch(this.#watcher, consolesOf(this.#agent.agentId))
    const { agentId, name, title, photo } = this.#agent
    enter(agentId, name, { title, photo, away: this.#agent.awaySince !== null })
    if (storeState().mode !== 'ok') this.#send(storeNotice(storeState(), this.#locale))
    this.#checking = setInterval(() => void this.#checkSession(), checkSessionEveryMs)
    // The session may have ended between the upgrade and this moment, unheard.
    void this.#checkSession()
  }

  message(_ws: SocketOf, data: string | Buffer): void {
    if (!this.#frames.push(data)) this.end(1013, 'rate_limited')
  }

  close(): void {
    this.#ws = null
    this.#frames.clear()
    if (this.#checking) clearInterval(this.#checking)
    consoleSockets.delete(this)
    paces.forget(this.#id)
    leave(this.#watcher)
    leavePresence(this.#agent.agentId)
  }

  /** Hangs up: 1001, 1012 and 1013 are the codes after which a page comes back. */
  end(code: number, reason: string): void {
    this.#ws?.close(code, reason)
  }

  #send(text: string): void {
    if (this.#ws && !sendOrClose(this.#ws, text)) this.#ws = null
  }

  #answer(frame: object): void {
    this.#send(JSON.stringify(frame))
  }

  async #handle(data: string | Buffer): Promise<void> {
    try {
      if (!paces.take(this.#id).ok) return this.end(1013, 'rate_limited')
      await this.#dispatch(parse(data))
    } catch (error) {
      const refusal = asRefusal(error)
      if (refusal.code === 'internal_error') log.error('a console frame failed', { error })
      this.#answer({ type: 'error', ...problemJson(refusal, translator(this.#locale)) })
    }
  }

  async #dispatch(frame: Record<string, unknown>): Promise<void> {
    switch (frame.type) {
      case 'ping':
        return this.#answer({ type: 'pong' })
      case 'watch':
        return this.#watch(frame.conversationId)
      case 'unwatch':
        return this.#unwatch()
      case 'typing':
        return this.#typing(frame.conversationId)
      default:
        throw refuse('unknown_type')
    }
  }

  /** From the answer on, nothing that happens there is missed; what happened before is asked for by `after`. */
  async #watch(conversationId: unknown): Promise<void> {
    const conversation = typeof conversationId === 'string' ? await findConversation(conversationId) : null
    if (!conversation) throw refuse('conversation_unknown')
    if (!this.#ws) return
    this.#unwatch()
    this.#watching = conversation
    watch(this.#watcher, consolesAt(conversation.id))
    watch(this.#watcher, consolesAbout(conversation.visitorId))
    this.#answer({ type: 'watching', conversationId: conversation.id, lastSeq: conversation.lastSeq })
  }

  #unwatch(): void {
    if (this.#watching) {
      unwatch(this.#watcher, consolesAt(this.#watching.id))
      unwatch(this.#watcher, consolesAbout(this.#watching.visitorId))
    }
    this.#watching = null
  }

  async #typing(conversationId: unknown): Promise<void> {
    const conversation = typeof conversationId === 'string' ? await findConversation(conversationId) : null
    if (!conversation) throw refuse('conversation_unknown')
    const { agentId, name } = this.#agent
    publish('agent.typing', { conversationId: conversation.id, visitorId: conversation.visitorId, agentId, name })
  }

  async #checkSession(): Promise<void> {
    try {
      const { agentId, sessionId } = this.#agent
      // So may what they said of being there; what they say while the store is asked is newer than its answer.
      const said = timesSaid(agentId)
      const isAway = (await awaySince(agentId)) !== null
      if (timesSaid(agentId) === said) sayPresent(agentId, isAway)
      if (await isSessionAlive(sessionId)) return
      this.#answer({ type: 'signed-out' })
      this.end(1001, 'signed_out')
    } catch (error) {
      log.warn('a session could not be checked', { error })
    }
  }
}

/** Refuses `too_large` and `bad_frame`. */
function parse(data: string | Buffer): Record<string, unknown> {
  if (typeof data !== 'string') throw refuse('bad_frame')
  if (Buffer.byteLength(data) > maxFrameBytes) throw refuse('too_large')
  let frame: unknown
  try {
    frame = JSON.parse(data)
  } catch {
    throw refuse('bad_frame')
  }
  if (typeof frame !== 'object' || frame === null || Array.isArray(frame)) throw refuse('bad_frame')
  return frame as Record<string, unknown>
}
