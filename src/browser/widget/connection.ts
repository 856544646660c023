import { Asking } from './asking.ts'
import { backoffMs } from './backoff.ts'
import { Known } from './known.ts'
import type { Outbox, Waiting } from './outbox.ts'
import type { Outside } from './outside.ts'
import { isShut, OverHttp } from './over-http.ts'
import { Poller } from './poller.ts'
import type { Ack, RefusedSend, ServerFrame, SiteInfo, Welcome } from './protocol.ts'
import { Sender } from './sender.ts'
import { SocketLink } from './socket-link.ts'
import { Typing } from './typing.ts'

export type Status = 'idle' | 'connecting' | 'live' | 'polling' | 'waiting'

export type Watcher = {
  changed(): void
  /** the server issued `token` in place of `was` */
  issued(token: string, was: string | null): void
  acknowledged(item: Waiting): void
  refused(item: Waiting): void
  /** a message goes on the wire for the first time */
  trying(item: Waiting): void
  ready(): void
}

const probeMs = 3_000

/**
 * The visitor's side of the protocol (docs/protocol.md): one socket that is opened again for ever, HTTP while the socket
 * fails, holes in the log asked for, the outbox drained.
 */
export class Connection {
  status: Status = 'idle'
  token: string | null = null
  /** why the server will not have this widget at all, as a refusal's code */
  shut: string | null = null
  readonly known: Known
  readonly sender: Sender

  readonly #outbox: Outbox
  readonly #outside: Outside
  readonly #watcher: Watcher
  readonly #http: OverHttp
  readonly #typing: Typing
  readonly #asking: Asking
  #link: SocketLink | null = null
  #live = false
  #poller: Poller | null = null
  #failures = 0
  /** counts the attempts to connect, so that one that was overtaken stops by itself */
  #attempt = 0
  #cancelConnect = () => {}
  #readTo = 0
  #visit: object | undefined

  constructor(siteId: string, outbox: Outbox, outside: Outside, watcher: Watcher) {
    this.#outbox = outbox
    this.#outside = outside
    this.#watcher = watcher
    this.known = new Known(siteId, outbox, outside, () => watcher.changed())
    this.#http = new OverHttp(siteId, this.known, outside, this.#asker())
    this.#typing = new Typing(outside, (text) => this.#sayTyping(text))
    this.#asking = new Asking(this.known, outside, (conversationId, seq) => this.#askSince(conversationId, seq))
    const sendable = () => this.#sendable()
    this.sender = new Sender(outbox, outside, {
      get send() {
        return sendable()
      },
      acknowledged: (item, ack) => this.#acknowledged(item, ack),
      refused: (item) => watcher.refused(item),
      takes: (item) => this.#takes(item),
      trying: (item) => watcher.trying(item),
      holds: (code, item) => this.#holds(code, item),
      silent: () => this.#link?.end(),
      ready: () => watcher.ready(),
      changed: () => watcher.changed(),
    })
  }

  start(token: string | null) {
    if (this.status !== 'idle') return
    this.token = token
    this.status = 'connecting'
    void this.#connect()
  }

  /** Goes on as another visitor: the one that another tab of this page already is. */
  useToken(token: string) {
    if (token === this.token) return
    this.token = token
    this.#forgetConversation()
    if (this.status !== 'idle') this.#reconnect()
  }

  /** The network is said to be back, or somebody looks again: a long pause is not waited out. */
  nudge() {
    if (this.#live) return this.#link?.probe(probeMs)
    if (this.status === 'idle') return
    if (!this.#link) this.#reconnect()
    this.#poller?.soon()
  }

  /** The network is said to be gone. It is asked, not believed: a server on the same machine is still there. */
  doubt() {
    this.#link?.probe(probeMs)
  }

  /** Says that the visitor has seen everything up to `seq`. */
  read(seq: number) {
    const { conversation } = this.known
    if (seq <= this.#readTo || !conversation || !(this.#live || this.#poller?.answered)) return
    this.#readTo = seq
    const mark = { conversationId: conversation.id, seq }
    if (this.#live) this.#link?.send({ type: 'read', ...mark })
    else this.#http.read(mark)
  }

  /** What the agents may know of where the visitor is: told with the next hello, and at once on the way. */
  tellVisit(news: object) {
    this.#visit = { ...this.#visit, ...news }
    if (this.#live) this.#link?.send({ type: 'page', ...news })
  }

  /** Shows the agents what is being typed. */
  typing(text: string) {
    this.#typing.typed(text)
  }

  stopTyping() {
    this.#typing.stop()
  }

  #sayTyping(text: string) {
    if (this.#live && this.known.mode !== 'form') this.#link?.send({ type: 'typing', text })
  }

  // --- the socket

  async #connect() {
    const attempt = ++this.#attempt
    this.#cancelConnect()
    const ready = this.token !== null || (await this.#http.openSession())
    if (attempt !== this.#attempt) return
    if (!ready) return this.#failed()
    const { conversation, log } = this.known
    const resume = conversation && { conversationId: conversation.id, since: log.watermark }
    let pauseMs: number | undefined
    const take = (frame: ServerFrame) => {
      if (frame.type !== 'bye') return this.#take(frame)
      pauseMs = frame.reconnectAfterMs ?? 1000
      this.#link?.end()
    }
    const ended = () => this.#ended(pauseMs)
    try {
      this.#link = new SocketLink(
        this.#outside,
        { type: 'hello', protocol: 1, token: this.token, visit: this.#visit, ...resume },
        take,
        ended,
      )
    } catch {
      this.#failed()
    }
  }

  #ended(pauseMs?: number) {
    const wasLive = this.#live
    this.#link = null
    this.#live = false
    this.#asking.interrupt()
    if (wasLive) {
      this.sender.interrupt()
      // A short break is not worth a word; the first attempt that fails is.
      this.status = 'connecting'
    }
    this.known.setTypingAgent(null)
    if (pauseMs !== undefined) this.#connectIn(pauseMs)
    // A restart drops everyone at once: their return is spread.
    else if (wasLive) this.#connectIn(250 + this.#outside.random() * 750)
    else this.#failed()
  }

  #failed() {
    this.#failures++
    if (this.#failures >= 2 && this.token && !this.shut) this.#poller ??= this.#startPolling()
    const mostMs = this.#poller?.answered || this.shut ? 60_000 : 15_000
    this.#connectIn(backoffMs(this.#failures, this.#outside.random(), 500, mostMs))
  }

  #connectIn(ms: number) {
    this.#cancelConnect()
    this.#cancelConnect = this.#outside.after(ms, () => void this.#connect())
    this.#settleStatus()
  }

  #reconnect() {
    this.#live = false
    this.#attempt++
    this.#link?.end()
    this.#cancelConnect()
    void this.#connect()
  }

  #settleStatus() {
    if (this.#live) this.status = 'live'
    else if (this.#poller?.answered) this.status = 'polling'
    else if (this.#failures > 0 || this.status !== 'connecting') this.status = 'waiting'
    if (this.status === 'waiting' || this.status === 'connecting') this.known.availability = null
    this.#watcher.changed()
  }

  #take(frame: ServerFrame) {
    switch (frame.type) {
      case 'welcome':
        return this.#welcomed(frame)
      case 'ack':
        return this.sender.acknowledge(frame)
      case 'refuse':
        return frame.clientId ? this.sender.refuse(frame) : this.#refused(frame)
      case 'entry':
        return this.known.takeEntry(frame) || this.#asking.since()
      case 'entries':
        return this.#asking.takePage(frame)
      case 'typing':
        return this.known.setTypingAgent(typeof frame.agent === 'string' ? frame.agent : (frame.agent?.name ?? ''))
      case 'read':
        return this.known.agentsRead(frame.conversationId, frame.seq)
      case 'presence':
        return this.known.changeAvailability(frame)
      case 'site':
        return this.#siteChanged(frame)
      case 'visitor':
        return this.known.changeVisitor(frame)
      default:
    }
  }

  #welcomed(frame: Welcome) {
    this.#live = true
    this.#failures = 0
    this.shut = null
    this.#poller?.stop()
    this.#poller = null
    this.#readTo = 0
    const resumed = this.known.takeWelcome(frame)
    this.#settleStatus()
    // What `hello` asked for comes by itself; a conversation that is first heard of here does not.
    if (resumed) this.#asking.expectPage()
    else if (resumed === false) this.#asking.since()
    this.sender.drain()
  }

  #siteChanged(change: Partial<SiteInfo>) {
    this.known.changeSite(change)
    this.sender.drain()
  }

  #refused({ code, retryAfterMs }: RefusedSend) {
    if (this.#live) return
    if (isShut(code)) this.shut = code
    this.#link?.end()
    if (code === 'token_invalid') void this.#renewSession()
    else if (retryAfterMs) this.#connectIn(retryAfterMs)
    this.#watcher.changed()
  }

  // --- the log

  #askSince(conversationId: string, seq: number): boolean {
    if (this.#live) this.#link?.send({ type: 'since', conversationId, seq })
    else this.#poller?.soon()
    return this.#live
  }

  #forgetConversation() {
    this.known.forgetConversation()
    this.#asking.stop()
    this.#readTo = 0
  }

  // --- sending

  #sendable() {
    if (this.#live) return (message: object) => this.#link?.send({ type: 'send', ...message })
    if (this.#poller?.answered) return (message: { clientId: string }) => this.#post(message)
    return null
  }

  /** Where there is no chat, forms and addresses go out, and texts wait. */
  #takes({ kind = 'text' }: Waiting): boolean {
    return kind !== 'text' || this.known.mode !== 'form'
  }

  #holds(code: string, item: Waiting | undefined): boolean {
    if (code === 'blocked') this.known.changeVisitor({ blocked: true })
    if (code === 'chat_disabled') this.known.changeSite({ chatEnabled: false })
    else if (code === 'registration_needed') {
      this.known.changeSite({ audience: 'registered' })
      this.known.changeVisitor({ verified: false })
    } else return false
    // Said of another kind it would be sent again and again.
    return item === undefined || !this.#takes(item)
  }

  #acknowledged(item: Waiting | undefined, { clientId, conversationId, seq }: Ack) {
    this.known.meet(conversationId)
    this.known.reopenByWriting()
    if (item) this.#watcher.acknowledged(item)
    if (seq <= this.known.log.watermark) this.#outbox.drop(clientId)
    // Its entry follows by itself; should it not, the log is asked.
    this.#outside.after(1000, () => seq > this.known.log.watermark && this.#asking.since())
  }

  async #post(message: { clientId: string }) {
    const answer = await this.#http.send({ ...message, visit: this.#visit } as typeof message)
    if ('seq' in answer) {
      this.sender.acknowledge(answer)
      this.#poller?.soon()
      return
    }
    this.sender.refuse(answer)
    if (answer.code === 'token_invalid') await this.#renewSession()
  }

  // --- who we are

  #asker() {
    const token = () => this.token
    return {
      get token() {
        return token()
      },
      issued: (issued: string, was: string | null) => this.#takeToken(issued, was),
      shut: (code: string | null) => {
        this.shut = code
      },
    }
  }

  #takeToken(token: string, was: string | null) {
    this.token = token
    if (was) this.#forgetConversation()
    this.#watcher.issued(token, was)
  }

  async #renewSession() {
    const was = this.token
    if ((await this.#http.openSession()) && this.token !== was) this.#reconnect()
  }

  #startPolling() {
    return new Poller(
      this.#outside,
      () => this.#http.poll(),
      () => {
        this.#settleStatus()
        this.sender.drain()
      },
    )
  }
}
