import type { Known } from './known.ts'
import type { Answer, Outside } from './outside.ts'
import type { Ack, PolledEntries, RefusedSend, Session } from './protocol.ts'

/** Who asks, and what the connection hears of the answers. */
export type Asker = {
  readonly token: string | null
  /** the server issued `token` in place of `was` */
  issued(token: string, was: string | null): void
  /** a refusal's code that says that the server will not have this widget at all; null: it will */
  shut(code: string | null): void
}

/** The visitor API without a socket: sessions, and sending and polling while the socket fails. */
export class OverHttp {
  readonly #siteId: string
  readonly #known: Known
  readonly #outside: Outside
  readonly #asker: Asker

  constructor(siteId: string, known: Known, outside: Outside, asker: Asker) {
    this.#siteId = siteId
    this.#known = known
    this.#outside = outside
    this.#asker = asker
  }

  /** Gets site and availability, and a token where ours is none or no longer good. Answers whether it could. */
  async openSession(): Promise<boolean> {
    const was = this.#asker.token
    const answer = await this.#request('POST', '/sessions', { siteId: this.#siteId, ...(was && { visitorToken: was }) })
    const session = answer?.json as Partial<Session & { code: string }> | null | undefined
    if (answer?.status !== 200 || !session?.visitorToken || !session.site) {
      const code = session?.code
      if (isShut(code)) this.#asker.shut(code)
      return false
    }
    this.#asker.shut(null)
    this.#known.takeSession(session as Session)
    // Another tab may have given us a token while we asked: that one stands.
    if (this.#asker.token === was && session.visitorToken !== was) this.#asker.issued(session.visitorToken, was)
    return true
  }

  /** Sends one message; without an answer it is refused `no_answer`: whether it arrived is not known. */
  async send(message: { clientId: string }): Promise<Ack | RefusedSend> {
    const answer = await this.#request('POST', '/messages', message)
    const body = answer?.json as Partial<Ack & RefusedSend> | null | undefined
    const { clientId } = message
    if (answer?.status === 200 && typeof body?.seq === 'number') return body as Ack
    if (answer?.status === 401) return { clientId, code: 'token_invalid', message: '', retryable: true }
    if (typeof body?.code === 'string') return { ...(body as RefusedSend), clientId }
    return { clientId, code: 'no_answer', message: '', retryable: true }
  }

  /** Tells how far the visitor has read. Not worth a second try: the next mark covers it. */
  read(mark: { conversationId: string; seq: number }) {
    void this.#request('POST', '/read', mark)
  }

  /** Reads what is new in the log, to its end. */
  async poll(): Promise<'news' | 'nothing' | 'no answer'> {
    let news = false
    for (;;) {
      const { conversation, log } = this.#known
      const which = conversation ? `&conversation=${encodeURIComponent(conversation.id)}` : ''
      const answer = await this.#request('GET', `/entries?since=${log.watermark}${which}`)
      if (answer?.status === 401) await this.openSession()
      if (answer?.status !== 200 || !answer.json) return 'no answer'
      const page = answer.json as PolledEntries
      const { further } = this.#known.takePolled(page)
      news ||= further
      if (!page.more || !further) return news ? 'news' : 'nothing'
    }
  }

  async #request(method: 'GET' | 'POST', path: string, body?: unknown): Promise<Answer | null> {
    try {
      return await this.#outside.request(method, path, this.#asker.token, body)
    } catch {
      return null
    }
  }
}

/** Refusals that have nothing to do with what was asked: this widget has no place here. */
export const isShut = (code: string | undefined): code is string => /^(site_|origin)/.test(code ?? '')
