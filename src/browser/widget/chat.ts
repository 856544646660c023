import { Connection } from './connection.ts'
import { Outbox, type Waiting } from './outbox.ts'
import type { Outside } from './outside.ts'
import type { ToFrame, ToLoader } from './port.ts'
import type { Entry } from './protocol.ts'

export type Surroundings = {
  outside: Outside
  newIdentifier: () => string
  /** tells the loader */
  post: (message: ToLoader) => void
  changed: () => void
  /** whether the page is before the visitor's eyes */
  visible: () => boolean
  /** what the launcher is called with so many unread messages */
  launcherName: (unread: number) => string
}

/** Everything behind the widget's screen: the connection, what waits to be sent, and what the shop's page keeps for us. */
export class Chat {
  readonly outbox = new Outbox((clientId) => this.#post({ type: 'drop', clientId }))
  readonly connection: Connection
  open = false
  draft = ''

  readonly #outside: Outside
  readonly #post: (message: ToLoader) => void
  readonly #newIdentifier: () => string
  readonly #changed: () => void
  readonly #visible: () => boolean
  readonly #launcherName: (unread: number) => string
  #acted = false
  /** what stands in the field was typed in this tab */
  #typedHere = false
  #tokenStands = false
  #turnAsked = false
  #readMark = 0
  #unread = 0

  constructor(siteId: string, { outside, newIdentifier, post, changed, visible, launcherName }: Surroundings) {
    this.#outside = outside
    this.#post = post
    this.#newIdentifier = newIdentifier
    this.#changed = changed
    this.#visible = visible
    this.#launcherName = launcherName
    this.connection = new Connection(siteId, this.outbox, outside, {
      changed: () => this.#somethingChanged(),
      issued: (token, was) => this.#issued(token, was),
      acknowledged: (item) => this.#acknowledged(item),
      refused: (item) => this.#store(item),
      ready: () => this.#askForTurn(),
    })
  }

  get entries(): Entry[] {
    return this.connection.known.log.entries
  }

  /** Agents' messages above this seq are new to the visitor, and are read out. */
  get announceAfter() {
    return this.#readMark
  }

  /** Takes what the loader says. */
  take(message: ToFrame) {
    switch (message.type) {
      case 'start':
        this.#start(message)
        break
      case 'open':
        this.open = message.open
        if (message.open) this.connection.start(this.connection.token)
        break
      case 'item':
        this.#takeItem({ ...message.item, kept: message.kept })
        break
      case 'removed':
        // One that only waits is not given up for that: its entry, or the answer to a repeat, says what became of it.
        if (this.outbox.find(message.clientId)?.failed) this.outbox.drop(message.clientId)
        break
      case 'token':
        this.#takeToken(message.token)
        break
      case 'draft':
        this.#takeDraft(message.text, message.was)
        break
      case 'read':
        this.#readMark = Math.max(this.#readMark, message.seq)
        break
      case 'drain':
        this.#turnAsked = message.granted
        this.connection.sender.setTurn(message.granted)
        this.#giveTurnBack()
        break
      default:
    }
    this.#somethingChanged()
  }

  /** Keeps a message and sends it when its turn comes. Answers whether there was anything to send. */
  send(text: string): boolean {
    // What no store could give back unchanged would be refused whole.
    const body = text.replaceAll('\0', '').toWellFormed()
    if (body.trim() === '') return false
    this.#act()
    this.#enqueue({ clientId: this.#newIdentifier(), body, at: this.#outside.now() })
    this.draft = ''
    this.#typedHere = false
    this.#post({ type: 'draft', text: '' })
    this.connection.stopTyping()
    this.#somethingChanged()
    return true
  }

  type(text: string) {
    if (text !== '') this.#act()
    this.draft = text
    this.#typedHere = text !== ''
    this.#post({ type: 'draft', text })
    if (text === '') this.connection.stopTyping()
    else this.connection.typing(text)
    this.#changed()
  }

  retry(clientId: string) {
    const item = this.outbox.find(clientId)
    if (!item?.failed) return
    const { failed, ...again } = item
    // An id that belongs to another text will never pass.
    if (failed.code === 'client_id_reused') {
      this.discard(clientId)
      again.clientId = this.#newIdentifier()
    }
    this.#enqueue(again)
    this.#somethingChanged()
  }

  discard(clientId: string) {
    this.outbox.drop(clientId)
    this.#somethingChanged()
  }

  /** The visitor has the end of the conversation before their eyes. */
  seen() {
    const seq = this.entries.at(-1)?.seq ?? 0
    if (seq === 0) return
    this.connection.read(seq)
    if (seq <= this.#readMark) return
    this.#readMark = seq
    this.#post({ type: 'read', seq })
    this.#countUnread()
  }

  close() {
    this.#post({ type: 'close' })
  }

  #start({ token, items, draft, readMark, open }: Extract<ToFrame, { type: 'start' }>) {
    this.open = open
    this.draft = draft
    this.#readMark = readMark
    this.#acted = token !== null || items.length > 0 || draft !== ''
    this.#tokenStands = token !== null
    for (const item of items) this.outbox.put({ ...item, kept: true })
    // Without a token nothing is asked of anyone until the visitor opens the chat.
    if (open || this.#acted) this.connection.start(token)
  }

  #takeItem(item: Waiting) {
    if (this.entries.some(({ clientId }) => clientId === item.clientId)) return
    this.#acted = true
    this.outbox.put(item)
    this.connection.sender.drain()
  }

  /**
   * The draft of another tab is shown where nothing was typed and nobody is about to; one that was sent there is not left
   * here to be sent again.
   */
  #takeDraft(text: string, was: string) {
    const inUse = this.#typedHere || (this.open && this.#visible())
    if (this.draft !== was || (inUse && text !== '')) return
    this.draft = text
    this.#typedHere = false
  }

  #takeToken(token: string) {
    this.#acted = true
    this.#tokenStands = true
    this.connection.useToken(token)
    this.connection.start(token)
    this.connection.sender.drain()
  }

  #enqueue({ kept: _kept, seq: _seq, ...item }: Omit<Waiting, 'order'> & { order?: number }) {
    // The loader gives it its place for good; until then it stands after all others.
    const order = item.order ?? Math.max(this.#outside.now(), (this.outbox.items.at(-1)?.order ?? 0) + 1)
    this.outbox.put({ ...item, order, kept: undefined })
    this.#post({ type: 'keep', item })
  }

  #store({ kept: _kept, seq: _seq, ...item }: Waiting) {
    this.#post({ type: 'keep', item })
  }

  /** The first thing the visitor does: from here on the token may be kept. */
  #act() {
    if (this.#acted) return
    this.#acted = true
    const { token } = this.connection
    if (token) this.#post({ type: 'token', token, was: null })
  }

  #issued(token: string, was: string | null) {
    this.#tokenStands = false
    if (this.#acted) this.#post({ type: 'token', token, was })
  }

  #acknowledged({ clientId }: Waiting) {
    this.#post({ type: 'drop', clientId })
    this.#giveTurnBack()
  }

  // Two tabs must be one visitor before the first of them speaks.
  #askForTurn() {
    if (this.#turnAsked || !this.#tokenStands) return
    this.#turnAsked = true
    this.#post({ type: 'drain' })
  }

  #giveTurnBack() {
    if (!this.#turnAsked || this.outbox.next()) return
    this.#turnAsked = false
    this.connection.sender.setTurn(false)
    this.#post({ type: 'drained' })
  }

  #somethingChanged() {
    this.#countUnread()
    this.#changed()
  }

  #countUnread() {
    const fresh = this.entries.slice(this.entries.findLastIndex(({ seq }) => seq <= this.#readMark) + 1)
    const count = fresh.filter(({ author, kind }) => author.kind === 'agent' && kind !== 'event').length
    if (count === this.#unread) return
    this.#unread = count
    this.#post({ type: 'unread', count, label: this.#launcherName(count) })
  }
}
