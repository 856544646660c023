import htmx from 'htmx.org'
import { showAnswering } from './answering.ts'
import { noticed } from './notice.ts'
import { drainNow } from './outbox.ts'
import { catchUp, goneOn } from './paging.ts'
import { find, isOpen, onOpen, openConversation, signInAgain } from './place.ts'
import { hideTyping, showTyping } from './typing.ts'
import { tellRead } from './read.ts'
import { showSeen } from './seen.ts'

// hx-ws connects and reconnects; it knows no heartbeat, no silence, and fetches nothing that was missed. That is here.
type Connection = { socket: WebSocket | null; timer: number; attempt: number }
type LiveEvent = CustomEvent<{
  connection: Connection
  message: { data: unknown }
  reason: string
  code: number | null
}>

const lookEveryMs = 5000
const pingAfterMs = 20_000
const deadAfterMs = 20_000
const sayReconnectingAfterMs = 2000
const returnAfterMs = 3000
const blockedAfterAttempts = 3

let connection: Connection | null = null
let heardAt = 0
let pingedAt: number | null = null
let sayReconnecting = 0

/** Says something to the server, if it is there to hear it: nothing said here need survive. */
export function say(frame: object): void {
  if (isConnected()) connection?.socket?.send(JSON.stringify(frame))
}

const isConnected = (): boolean => connection?.socket?.readyState === WebSocket.OPEN

export function startLive(): void {
  on('htmx:ws:after:connection', opened)
  on('htmx:ws:close', closed)
  on('htmx:ws:before:message:incoming', heard)
  setInterval(look, lookEveryMs)
  window.addEventListener('online', hurry)
  window.addEventListener('pageshow', (event) => {
    if (event.persisted) location.reload()
  })
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') hurry()
  })
  waitForConnection()
  onOpen(watchOpen)
}

/** What is pushed follows what is open: the server lets go of the conversation before. */
function watchOpen(): void {
  const open = openConversation()
  say(open ? { type: 'watch', conversationId: open.id } : { type: 'unwatch' })
}

const on = (name: string, listener: (event: LiveEvent) => void) =>
  document.addEventListener(name, (event) => listener(event as LiveEvent))

function opened({ detail }: LiveEvent): void {
  connection = detail.connection
  heardAt = Date.now()
  pingedAt = null
  clearTimeout(sayReconnecting)
  sayReconnecting = 0
  show('#reconnecting', false)
  show('#blocked', false)
  watchOpen()
  listsPoked()
  drainNow()
}

function closed({ detail: { connection: lost, reason, code } }: LiveEvent): void {
  waitForConnection()
  hideTyping()
  if (reason !== 'closed') return
  if (lost.attempt >= 1) void askWhy(lost.attempt)
  // After any other code hx-ws gives up; this page does not.
  if (code !== null && ![1001, 1005, 1006, 1011, 1012, 1013, 1014].includes(code))
    setTimeout(connectAnew, returnAfterMs)
}

function waitForConnection(): void {
  if (sayReconnecting !== 0) return
  sayReconnecting = window.setTimeout(() => show('#reconnecting', true), sayReconnectingAfterMs)
}

function show(selector: string, shown: boolean): void {
  const notice = find(selector)
  if (notice) notice.hidden = !shown
}

/**
 * A socket that is refused does not say why: whether this browser is still signed in, a request tells. Where requests
 * get through and sockets do not, the page says so and asks for news with each try.
 */
async function askWhy(attempt: number): Promise<void> {
  try {
    const { status } = await fetch('/session', { headers: { Accept: 'application/json' } })
    if (status === 401) return signInAgain()
    if (status !== 200 || attempt < blockedAfterAttempts || isConnected()) return
  } catch {
    // Nobody is there: hx-ws goes on trying.
    return
  }
  show('#reconnecting', false)
  show('#blocked', true)
  refresh()
}

function refresh(): void {
  listsPoked()
  poked('conversation-changed')
  poked('card-changed')
  void catchUp().then(tellRead)
  drainNow()
}

function connectAnew(): void {
  const element = find('#live')
  if (!element || isConnected()) return
  const fresh = element.cloneNode() as HTMLElement
  element.replaceWith(fresh)
  htmx.process(fresh)
}

function heard(event: LiveEvent): void {
  heardAt = Date.now()
  pingedAt = null
  const { data } = event.detail.message
  if (typeof data !== 'string' || !data.startsWith('{')) return
  event.preventDefault()
  told(JSON.parse(data) as Record<string, unknown>)
}

function told(frame: Record<string, unknown>): void {
  if (typeof frame.poke === 'string') return poked(frame.poke)
  if (frame.type === 'notice') return void noticed(frame)
  if (frame.type === 'typing') return showTyping(frame)
  if (frame.type === 'answering') return showAnswering(frame)
  if (frame.type === 'read' && isOpen(String(frame.conversationId))) return showSeen(Number(frame.seq))
  // From here on nothing is missed; what came before, while nobody listened, is asked for now.
  if (frame.type === 'watching' && isOpen(String(frame.conversationId))) return watching(Number(frame.lastSeq))
  if (frame.type === 'signed-out') return signInAgain()
}

function watching(lastSeq: number): void {
  goneOn(lastSeq)
  poked('conversation-changed')
  poked('card-changed')
  void catchUp(true).then(tellRead)
}

/** What may have changed while nobody listened: whichever of these the page shows asks for itself. */
const lists = ['inbox', 'system', 'templates', 'zones', 'sites', 'mail', 'api-keys']
const listsPoked = (): void => lists.forEach((name) => poked(`${name}-changed`))

const poked = (name: string): void => htmx.trigger(document.body, name)

/** Asks after a silence; a server that does not answer either is gone, whatever the socket says. */
function look(): void {
  if (!isConnected()) return
  const now = Date.now()
  if (pingedAt !== null && now - pingedAt >= deadAfterMs) return giveUp()
  if (pingedAt === null && now - heardAt >= pingAfterMs) {
    pingedAt = now
    say({ type: 'ping' })
  }
}

/** The closing handshake of a dead connection takes a minute: hx-ws is told at once that it is over. */
function giveUp(): void {
  connection?.socket?.dispatchEvent(new CloseEvent('close', { code: 1006 }))
}

/** The network or the reader is back: waits no longer for the next try. */
function hurry(): void {
  if (!connection) return
  const state = connection.socket?.readyState
  if (state === WebSocket.OPEN) {
    pingedAt ??= Date.now()
    say({ type: 'ping' })
  } else if (state !== WebSocket.CONNECTING) {
    clearTimeout(connection.timer)
    connection.attempt = 0
    giveUp()
  }
}
