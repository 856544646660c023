import { asRefusal } from '../../platform/http/problem.tsx'
import { FrameQueue, type SocketData, type SocketOf, sendOrClose } from '../../platform/http/socket.ts'
import type { Locale } from '../../platform/lib/i18n.ts'
import { newId } from '../../platform/lib/id.ts'
import { log } from '../../platform/lib/log.ts'
import { type Refusal, refuse } from '../../platform/lib/refuse.ts'
import { isStorable, maxBodyLength } from '../../platform/lib/text.ts'
import { publish } from '../../platform/live/bus.ts'
import { leave, type Watcher, watch } from '../../platform/live/hub.ts'
import { conversationsOf } from '../conversations/index.ts'
import { findAck } from '../messages/index.ts'
import { siteOf } from '../sites/index.ts'
import { arrive, depart, readVisitorToken, standingOf, tellOfVisit, type VisitorActor } from '../visitors/index.ts'
import './events.ts'
import {
  agentsThere,
  availability,
  type ClientFrame,
  conversationFrame,
  conversationIdOf,
  entriesFrame,
  pageOf,
  parseFrame,
  refusalFrame,
  siteFrame,
} from './frames.ts'
import { channelOf, type Gate, type Source } from './gate.ts'
import { named, ownConversation, readOwn, seqOf } from './own-conversation.ts'
import { changeOf, visitOf } from './visit.ts'

/** The protocol version that this server speaks. */
export const protocolVersion = 1
const helloWithinMs = 10_000
/** Frames that may wait while one is handled; a client that sends on regardless is closed. */
const longestInbox = 1000
const fullestInbox = 2 * 1024 * 1024

const clientIdShape = /^[A-Za-z0-9_-]{1,64}$/

/** Every visitor socket that is open now. */
export const visitorSockets = new Set<VisitorSocket>()

/**
 * One visitor connection. Frames are handled strictly one after another, beginning with `hello`: a client may send the
 * next without waiting, and the answers come in that order.
 */
export class VisitorSocket implements SocketData {
  readonly locale: Locale
  readonly #gate: Gate
  readonly #source: Source
  readonly #ip: string
  readonly #id = newId()
  /** This connection as the hub knows it. */
  readonly #watcher: Watcher
  readonly #frames = new FrameQueue((data) => this.#handle(data), longestInbox, fullestInbox)
  #ws: SocketOf | null = null
  #visitor: VisitorActor | null = null
  #helloTimer: Timer | null = null
  /** Set while the welcome is being made: what is pushed meanwhile follows it. */
  #held: string[] | null = null
  /** The message whose retryable refusal holds back every later one, so that the order is kept. */
  #refused: { clientId: string; refusal: Refusal } | null = null

  constructor(gate: Gate, source: Source, ip: string, locale: Locale) {
    this.#gate = gate
    this.#source = source
    this.#ip = ip
    this.locale = locale
    this.#watcher = { locale, send: (text) => this.#push(text), close: () => this.end(1001, 'closed') }
  }

  open(ws: SocketOf): void {
    this.#ws = ws
    visitorSockets.add(this)
    this.#helloTimer = setTimeout(() => this.bye('hello_first', 1000), helloWithinMs)
  }

  message(_ws: SocketOf, data: string | Buffer): void {
    if (!this.#frames.push(data)) this.bye('rate_limited', 5000)
  }

  close(): void {
    this.#ws = null
    this.#frames.clear()
    if (this.#helloTimer) clearTimeout(this.#helloTimer)
    visitorSockets.delete(this)
    this.#gate.leaveSocket(this.#ip)
    leave(this.#watcher)
    if (!this.#visitor) return
    this.#gate.leaveVisitor(this.#visitor.visitorId)
    depart(this.#visitor.visitorId, this.#id)
    this.#tellTyping(this.#visitor, null, null)
  }

  /** Closes: 1001, 1012 and 1013 are the codes that the protocol uses. */
  end(code: 1001 | 1012 | 1013, reason: string): void {
    this.#ws?.close(code, reason)
  }

  /** Says why and when to come back, then closes. */
  bye(code: string, reconnectAfterMs: number, closeCode: 1001 | 1012 | 1013 = 1013): void {
    this.#write(JSON.stringify({ type: 'bye', code, reconnectAfterMs }))
    this.end(closeCode, code)
  }

  #push(text: string): void {
    if (this.#held) this.#held.push(text)
    else this.#write(text)
  }

  #write(text: string): void {
    if (!this.#ws) return
    if (!sendOrClose(this.#ws, text)) this.#ws = null
  }

  #answer(frame: object): void {
    this.#write(JSON.stringify(frame))
  }

  async #handle(data: string | Buffer): Promise<void> {
    let frame: ClientFrame = {}
    try {
      if (typeof data !== 'string') throw refuse('bad_frame')
      frame = parseFrame(data)
      if (frame.type !== 'send') this.#keepPace()
      await this.#dispatch(frame)
    } catch (error) {
      this.#refuse(frame, error)
    }
  }

  #keepPace(): void {
    if (!this.#gate.keepsPace(this.#visitor?.visitorId ?? this.#id, this.#ip)) this.bye('rate_limited', 5000)
  }

  async #dispatch(frame: ClientFrame): Promise<void> {
    if (frame.type === 'hello') return this.#hello(frame)
    const visitor = this.#visitor
    if (!visitor) throw refuse('hello_first')
    switch (frame.type) {
      case 'send':
        return this.#send(visitor, frame)
      case 'since':
        return this.#since(visitor, frame)
      case 'read':
        return readOwn(visitor, frame.conversationId, frame.seq)
      case 'typing':
        return this.#typing(visitor, frame)
      case 'page':
        return this.#moved(visitor, frame)
      case 'ping':
        return this.#answer({ type: 'pong' })
      default:
        throw refuse('unknown_type')
    }
  }

  #refuse(frame: ClientFrame, error: unknown): void {
    const refusal = asRefusal(error)
    if (refusal.code === 'internal_error') log.error('a frame failed', { frame: String(frame.type), error })
    const clientId = typeof frame.clientId === 'string' && clientIdShape.test(frame.clientId) ? frame.clientId : null
    if (frame.type === 'send' && clientId) this.#holdBack(clientId, refusal)
    const about = clientId ? { clientId } : {}
    this.#answer({ type: 'refuse', ...about, ...refusalFrame(refusal, this.locale) })
    this.#keepPace()
  }

  #holdBack(clientId: string, refusal: Refusal): void {
    if (refusal.retryable) this.#refused ??= { clientId, refusal }
    else if (this.#refused?.clientId === clientId) this.#refused = null
  }

  async #hello({ protocol, token, conversationId, since, visit }: ClientFrame): Promise<void> {
    if (this.#visitor) throw refuse('bad_frame')
    if (protocol !== protocolVersion) throw refuse('unsupported_protocol', { version: protocolVersion })
    const visitor = readVisitorToken(token)
    this.#gate.checkOrigin(this.#source, await siteOf(visitor.siteId))
    const wanted = conversationIdOf(conversationId)
    const from = since === undefined || since === null ? null : seqOf(since)
    if (!this.#ws) return
    if (!this.#gate.enterVisitor(visitor.visitorId)) throw refuse('rate_limited', { retryAfterMs: 10_000 })
    if (this.#helloTimer) clearTimeout(this.#helloTimer)
    this.#visitor = visitor
    this.#held = []
    watch(this.#watcher, `visitor:${visitor.visitorId}`)
    watch(this.#watcher, `visitors-of:${visitor.siteId}`)
    try {
      const own = await conversationsOf(visitor.visitorId)
      // Who has gone meanwhile is not here.
      if (this.#ws) arrive(visitor, this.#id, visitOf(visit, this.#source.userAgent), own.length > 0)
      const conversations = await Promise.all(own.map(conversationFrame))
      // As it is from here on: a change before this was told to those who were here.
      const site = await siteOf(visitor.siteId)
      this.#answer({
        type: 'welcome',
        visitorKnown: own.length > 0,
        conversations,
        agents: agentsThere(),
        visitor: await standingOf(visitor.visitorId),
        site: siteFrame(site),
        availability: availability(site),
      })
      const resumed = from === null ? undefined : named(own, wanted)
      if (resumed && from !== null) this.#answer(await entriesFrame(resumed, from))
    } finally {
      const held = this.#held ?? []
      this.#held = null
      for (const text of held) this.#write(text)
    }
  }

  async #send(visitor: VisitorActor, frame: ClientFrame): Promise<void> {
    const { clientId, body, kind, form } = frame
    const message = {
      clientId,
      body,
      kind,
      form,
      page: pageOf(frame.page),
      channel: channelOf(this.#source),
      conversationId: conversationIdOf(frame.conversationId),
    }
    const refused = this.#refused
    if (refused && refused.clientId !== clientId) {
      const ack = await findAck(visitor, message)
      if (!ack) throw refused.refusal
      this.#answer({ type: 'ack', ...ack })
      return this.#keepPace()
    }
    const { ack, late } = await this.#gate.send(visitor, this.#ip, message)
    this.#refused = null
    this.#answer({ type: 'ack', ...ack })
    if (late) this.#keepPace()
  }

  async #since(visitor: VisitorActor, frame: ClientFrame): Promise<void> {
    this.#gate.admitAsk(visitor.visitorId)
    const since = seqOf(frame.seq)
    const conversation = await ownConversation(visitor, frame.conversationId)
    if (conversation) return this.#answer(await entriesFrame(conversation, since))
    this.#answer({ type: 'entries', conversationId: null, from: since, to: since, items: [], more: false, readSeq: 0 })
  }

  async #typing(visitor: VisitorActor, frame: ClientFrame): Promise<void> {
    const text = typeof frame.text === 'string' && frame.text !== '' ? frame.text : null
    if (text !== null && text.length > maxBodyLength) throw refuse('text_too_long', { max: maxBodyLength })
    if (text !== null && !isStorable(text)) throw refuse('text_invalid')
    const conversation = await ownConversation(visitor, frame.conversationId)
    this.#tellTyping(visitor, conversation?.id ?? null, text)
  }

  #moved({ visitorId }: VisitorActor, frame: ClientFrame): void {
    this.#gate.admitMove(visitorId)
    tellOfVisit(visitorId, this.#id, changeOf(frame))
  }

  #tellTyping({ siteId, visitorId }: VisitorActor, conversationId: string | null, text: string | null): void {
    publish('visitor.typing', { siteId, visitorId, conversationId, text })
  }
}
