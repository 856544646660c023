import { Connection } from './connection.ts'
import { Feedback, type Fields } from './feedback.ts'
import { News } from './news.ts'
import { Outbox, type Waiting } from './outbox.ts'
import type { Outside } from './outside.ts'
import type { Attributes, ToFrame, ToLoader } from './port.ts'
import type { Entry, Pending } from './protocol.ts'
import { readWishes, type Wish, writeWishes } from './wishes.ts'

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
  /** an agent's message has come; `muted`: the visitor wants no sound */
  ring: (muted: boolean) => void
}

/** Everything behind the widget's screen: the connection, what waits to be sent, and what the shop's page keeps for us. */
export class Chat {
  readonly outbox = new Outbox((clientId) => this.#post({ type: 'drop', clientId }))
  readonly connection: Connection
  readonly feedback = new Feedback(this.outbox)
  open = false
  /** opened by itself: nobody is looking here yet */
  quiet = false
  draft = ''
  wishes = new Set<string>()

  readonly #outside: Outside
  readonly #post: (message: ToLoader) => void
  readonly #newIdentifier: () => string
  readonly #changed: () => void
  readonly #visible: () => boolean
  readonly #news: News
  #attributes: Attributes = {}
  #acted = false
  /** what stands in the field was typed in this tab */
  #typedHere = false
  #tokenStands = false
  #turnAsked = false
  #readMark = 0

  constructor(siteId: string, { outside, newIdentifier, post, changed, visible, launcherName, ring }: Surroundings) {
    this.#outside = outside
    this.#post = post
    this.#newIdentifier = newIdentifier
    this.#changed = changed
    this.#visible = visible
    this.connection = new Connection(siteId, this.outbox, outside, {
      changed: () => this.#somethingChanged(),
      issued: (token, was) => this.#issued(token, was),
      acknowledged: (item) => this.#acknowledged(item),
      refused: (item) => this.#refused(item),
      trying: (item) => this.#store(item),
      ready: () => this.#askForTurn(),
    })
    this.#news = new News(this.connection.known, post, launcherName, () => ring(this.wishes.has('silent')))
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
        this.quiet = message.quiet ?? false
        if (message.open) this.connection.start(this.connection.token)
        break
      case 'item':
        if (message.item.withdrawn) this.#letGo(message.item.clientId)
        else this.#takeItem({ ...message.item, kept: message.kept })
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
      case 'wishes':
        this.wishes = readWishes(message.wishes)
        break
      case 'prefill':
        // The page has written this, not the visitor: it is kept once they change or send it.
        this.draft = this.draft === '' ? message.text : `${this.draft}\n${message.text}`
        break
      case 'attributes':
        this.#attributes = message.attributes
        this.feedback.know(message.attributes)
        this.connection.tellVisit({ attributes: message.attributes })
        break
      case 'page':
        this.connection.tellVisit({ page: message.page, referrer: message.referrer })
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
    const body = keepable(text)
    if (body.trim() === '') return false
    this.#enqueue({ body })
    this.#clearDraft()
    this.#somethingChanged()
    return true
  }

  /** Hands in the feedback form, with what was typed as its text. */
  handIn(form: Pending['form']) {
    const body = keepable(this.draft)
    const refused = this.feedback.failed
    if (refused) this.outbox.drop(refused.clientId)
    this.#enqueue({ kind: 'feedback', body, form })
    this.feedback.sent = body
    this.feedback.fields = { ...this.feedback.fields, topic: '', consent: false }
    this.#clearDraft()
    this.#somethingChanged()
  }

  /** What is said against the fields that change holds no longer. */
  fillIn(change: Partial<Fields & { text: string }>) {
    const { text, ...fields } = change
    const { feedback } = this
    feedback.fields = { ...feedback.fields, ...fields }
    for (const field of Object.keys(change) as (keyof typeof change)[]) delete feedback.errors[field]
    if (text !== undefined) this.type(text)
    this.#act()
    this.#changed()
  }

  /** After one message the next. */
  beginFeedback() {
    this.feedback.sent = null
    this.#changed()
  }

  /** Leaves an address to be answered at. */
  leaveEmail(address: string) {
    for (const { clientId } of this.outbox.items.filter(({ kind }) => kind === 'email')) this.outbox.drop(clientId)
    this.#enqueue({ kind: 'email', body: address.trim() })
    this.#somethingChanged()
  }

  /** Texts that cannot be sent because there is no chat go into the form, where they can. */
  moveIntoForm() {
    const texts = this.textsHeldBack
    this.type([...texts.map(({ body }) => body), this.draft].filter((text) => text !== '').join('\n\n'))
    for (const { clientId } of texts) this.#withdraw(clientId)
    this.#somethingChanged()
  }

  /** Texts that wait for a chat that is not there. */
  get textsHeldBack(): Waiting[] {
    if (this.connection.known.mode !== 'form') return []
    return this.outbox.items.filter(({ kind = 'text', seq, failed }) => kind === 'text' && !failed && seq === undefined)
  }

  /** Takes a message that was never on the wire back into the field. */
  takeBack(clientId: string) {
    const item = this.outbox.find(clientId)
    if (!item || !canBeTakenBack(item)) return
    this.#withdraw(clientId)
    this.type(this.draft === '' ? item.body : `${item.body}\n${this.draft}`)
    this.#somethingChanged()
  }

  wish(wish: Wish, wanted: boolean) {
    if (wanted) this.wishes.add(wish)
    else this.wishes.delete(wish)
    this.#act()
    this.#post({ type: 'wishes', wishes: writeWishes(this.wishes) })
    this.#changed()
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
    this.#put(again)
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
    this.#tellNews()
  }

  /** The visitor has turned to a window that had opened by itself. */
  attend() {
    if (!this.quiet) return
    this.quiet = false
    this.#changed()
  }

  close() {
    this.#post({ type: 'close' })
  }

  #start({ token, items, draft, readMark, open, quiet = false, wishes = '' }: Extract<ToFrame, { type: 'start' }>) {
    this.open = open
    this.quiet = quiet
    this.draft = draft
    this.wishes = readWishes(wishes)
    this.#readMark = readMark
    this.#acted = token !== null || items.length > 0 || draft !== ''
    this.#tokenStands = token !== null
    for (const item of items) this.outbox.put({ ...item, kept: true })
    // Without a token nothing is asked of anyone until the visitor opens the chat.
    if (open || this.#acted) this.connection.start(token)
  }

  #takeItem(item: Waiting) {
    if (this.entries.some(({ clientId }) => clientId === item.clientId)) return
    // What was stored as it went on the wire comes back after its refusal, and does not undo it.
    if (item.tried && !item.failed && this.outbox.find(item.clientId)?.failed) return
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

  #enqueue(item: Pick<Pending, 'kind' | 'body' | 'form'>): string {
    this.#act()
    const clientId = this.#newIdentifier()
    this.#put({ ...item, clientId, at: this.connection.known.clock.now() })
    this.connection.stopTyping()
    return clientId
  }

  #put({ kept: _kept, seq: _seq, ...item }: Omit<Waiting, 'order'> & { order?: number }) {
    // The loader gives it its place for good; until then it stands after all others.
    const order = item.order ?? Math.max(this.#outside.now(), (this.outbox.items.at(-1)?.order ?? 0) + 1)
    this.outbox.put({ ...item, order, kept: undefined })
    this.#post({ type: 'keep', item })
  }

  #store({ kept: _kept, seq: _seq, ...item }: Waiting) {
    this.#post({ type: 'keep', item })
  }

  #refused(item: Waiting) {
    this.#store(item)
    if (item.kind !== 'feedback' || !item.failed) return
    // Its text goes back to where it can be changed, unless something else is being written there.
    this.feedback.sent = null
    if (this.draft === '') this.type(item.body)
  }

  /** Takes a message out of the queue here and in the other tabs, which else would send it yet. */
  #withdraw(clientId: string) {
    const item = this.outbox.find(clientId)
    if (!item) return
    this.#store({ ...item, withdrawn: true })
    this.outbox.drop(clientId)
  }

  /** Another tab has taken it back; what is on the wire by now is not called back. */
  #letGo(clientId: string) {
    if (!this.outbox.find(clientId)?.tried) this.outbox.drop(clientId)
  }

  #clearDraft() {
    this.draft = ''
    this.#typedHere = false
    this.#post({ type: 'draft', text: '' })
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

  #acknowledged({ clientId, kind = 'text', body }: Waiting) {
    if (kind === 'feedback') this.feedback.sent = body
    this.#post({ type: 'drop', clientId })
    if (kind !== 'text') this.#post({ type: 'event', name: 'form', detail: { form: kind } })
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
    this.#tellNews()
    this.#changed()
  }

  #tellNews() {
    this.#news.tell(this.#readMark, this.#attributes.countInTitle === true)
  }
}

// What no store could give back unchanged would be refused whole.
const keepable = (text: string): string => text.replaceAll('\0', '').toWellFormed()

/** Whether a message is surely nowhere but here. */
export const canBeTakenBack = ({ tried, seq, failed }: Waiting): boolean => !tried && seq === undefined && !failed
