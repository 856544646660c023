// A visitor in a terminal, from docs/protocol.md: what is typed is sent, and kept in visitor.json until it is acknowledged.
//   node visitor.mjs http://127.0.0.1:3000 SITE_ID visitor.json      (Node 22 or newer, or bun; nothing to install)
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

const [server, siteId, file = 'visitor.json'] = process.argv.slice(2)
const api = `${server}/api/widget/v1`
const kept = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { pending: [] }
const logs = new Map() // what was read, by conversation
const now = { socket: null, welcomed: false, sending: false, failures: 0, heardAt: 0, sentAt: 0 }

const say = (frame) => now.socket?.readyState === WebSocket.OPEN && now.socket.send(JSON.stringify(frame))
const ask = (log) => say({ type: 'since', conversationId: log.id, seq: log.watermark })
const logOf = (id) => logs.get(id) ?? logs.set(id, { id, watermark: 0, newest: 0 }).get(id)
const backoff = () => Math.min(15_000, 500 * 2 ** now.failures++) * (0.5 + Math.random() / 2)

async function connect() {
  const body = JSON.stringify({ siteId, visitorToken: kept.token })
  const answer = await fetch(`${api}/sessions`, { method: 'POST', body, signal: AbortSignal.timeout(10_000) })
  if (!answer.ok) throw new Error((await answer.json()).message)
  kept.token = (await answer.json()).visitorToken
  const socket = new WebSocket(`${api.replace(/^http/, 'ws')}/socket`)
  Object.assign(now, { socket, heardAt: Date.now() })
  socket.onopen = () => say({ type: 'hello', protocol: 1, token: kept.token })
  socket.onmessage = ({ data }) => socket === now.socket && hear(JSON.parse(data))
  socket.onclose = () => socket === now.socket && reconnect(backoff())
}

function reconnect(afterMs) {
  now.socket?.close()
  Object.assign(now, { socket: null, welcomed: false, sending: false })
  setTimeout(() => connect().catch(() => reconnect(backoff())), afterMs)
}

function hear(frame) {
  now.heardAt = Date.now()
  if (frame.type === 'welcome') welcome(frame.conversations)
  if (frame.type === 'entry') take(logOf(frame.conversationId), frame)
  if (frame.type === 'entries') turn(logOf(frame.conversationId), frame)
  if (frame.type === 'ack') settle(frame.clientId)
  if (frame.type === 'refuse') refused(frame)
  if (frame.type === 'bye') reconnect(frame.reconnectAfterMs)
}

function welcome(conversations) {
  Object.assign(now, { welcomed: true, failures: 0 })
  for (const { id, seq } of conversations) {
    if (seq < logOf(id).newest) logs.delete(id) // restored from an older backup: read it anew
    ask(logOf(id))
  }
  sendNext()
}

function take(log, entry) {
  if (entry.seq <= log.watermark) return
  if (entry.after > log.watermark) return ask(log) // a hole: the page that answers holds this entry too
  log.watermark = log.newest = entry.seq
  console.log(`${entry.seq} ${entry.author.name ?? entry.author.kind}${entry.kind === 'text' ? ':' : ''} ${entry.body}`)
}

function turn(log, { to, items, more }) {
  for (const entry of items) take(log, entry)
  log.watermark = Math.max(log.watermark, to)
  if (more) ask(log)
}

// One message at a time, so that none can overtake another; on disk here before it is sent.
function sendNext() {
  writeFileSync(`${file}.new`, JSON.stringify(kept), { mode: 0o600, flush: true })
  renameSync(`${file}.new`, file)
  if (!now.welcomed || now.sending || kept.pending.length === 0) return
  Object.assign(now, { sending: true, sentAt: Date.now() })
  say({ type: 'send', ...kept.pending[0] })
}

function settle(clientId) {
  now.sending = false
  kept.pending = kept.pending.filter((message) => message.clientId !== clientId)
  sendNext()
}

function refused({ clientId, message, retryable, retryAfterMs }) {
  if (!now.welcomed || !clientId) return reconnect(backoff())
  if (retryable) return setTimeout(settle, retryAfterMs ?? backoff())
  console.error(`not sent: ${message}`)
  settle(clientId)
}

createInterface({ input: process.stdin }).on('line', (body) => {
  kept.pending.push({ clientId: crypto.randomUUID(), body })
  sendNext()
})
setInterval(() => {
  const silentMs = Date.now() - now.heardAt
  const dead = silentMs > (now.welcomed ? 45_000 : 10_000) || (now.sending && Date.now() - now.sentAt > 15_000)
  if (now.socket && dead) reconnect(backoff())
  else if (silentMs > 20_000) say({ type: 'ping' })
}, 5_000)
reconnect(0)
