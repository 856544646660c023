import { keep, kept } from './keep.ts'
import { addRows } from './log.ts'
import { agentId, messages, onOpen, openConversation, signInAgain } from './place.ts'

/** An answer that is not known to be kept yet. `failed` is why it was refused, `waits` why it will be tried again. */
export type Unsent = { clientId: string; conversationId: string; body: string; failed?: string; waits?: string }

// Answers of this agent in this browser: they leave in their order, with the key they were given, until each is answered.
const name = `kontuar:outbox:${agentId}`
const firstDelayMs = 1000
const longestDelayMs = 30_000

let delayMs = firstDelayMs
let timer = 0
let draining = false

function read(): Unsent[] {
  try {
    const list: unknown = JSON.parse(kept(name) ?? '[]')
    return Array.isArray(list) ? (list as Unsent[]) : []
  } catch {
    return []
  }
}

function change(changed: (list: Unsent[]) => Unsent[]): void {
  const list = changed(read())
  keep(name, list.length === 0 ? null : JSON.stringify(list))
  showUnsent()
}

/** Keeps an answer, shows it, and sends it as soon as can be. */
export function send(body: string): void {
  const open = openConversation()
  if (!open) return
  const unsent: Unsent = { clientId: newClientId(), conversationId: open.id, body }
  change((list) => [...list, unsent])
  void drain()
}

/** Sends a refused answer again, under its old key. */
export function sendAgain(clientId: string): void {
  change((list) => list.map((one) => (one.clientId === clientId ? withoutFailure(one) : one)))
  void drain()
}

const withoutFailure = ({ clientId, conversationId: of, body }: Unsent): Unsent => ({
  clientId,
  conversationId: of,
  body,
})

/** Takes a refused answer back; what it said is returned. */
export function takeBack(clientId: string): string {
  const unsent = read().find((one) => one.clientId === clientId)
  change((list) => list.filter((one) => one.clientId !== clientId))
  return unsent?.body ?? ''
}

/** `crypto.randomUUID` is missing on plain http. */
const newClientId = (): string =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')

export function startOutbox(): void {
  onOpen(showUnsent)
  void drain()
  window.addEventListener('storage', (event) => {
    if (event.key === name) showUnsent()
  })
}

/** Sends what waits, now: a connection has just shown that the server is there. */
export function drainNow(): void {
  delayMs = firstDelayMs
  void drain()
}

/** One window of this browser sends at a time, where locks exist; without them the server drops the repeat. */
async function drain(): Promise<void> {
  if (draining) return
  draining = true
  clearTimeout(timer)
  try {
    if (navigator.locks) await navigator.locks.request(name, sendAll)
    else await sendAll()
  } finally {
    draining = false
  }
}

async function sendAll(): Promise<void> {
  for (let next = nextUnsent(); next; next = nextUnsent()) {
    const outcome = await post(next)
    if (outcome.kind === 'later') {
      sayWhy(next, outcome.why)
      timer = window.setTimeout(() => void drain(), outcome.afterMs)
      return
    }
    delayMs = firstDelayMs
    const { clientId } = next
    if (outcome.kind === 'refused') {
      change((list) => list.map((one) => (one.clientId === clientId ? { ...one, failed: outcome.why } : one)))
      continue
    }
    addRows(next.conversationId, outcome.row)
    change((list) => list.filter((one) => one.clientId !== clientId))
  }
}

function sayWhy({ clientId, waits }: Unsent, why: string): void {
  if (why === (waits ?? '')) return
  change((list) => list.map((one) => (one.clientId === clientId ? { ...one, waits: why } : one)))
}

const nextUnsent = (): Unsent | undefined => read().find((one) => one.failed === undefined)

type Outcome =
  | { kind: 'kept'; row: string }
  | { kind: 'refused'; why: string }
  | { kind: 'later'; afterMs: number; why: string }

async function post({ clientId, conversationId: to, body }: Unsent): Promise<Outcome> {
  let response: Response
  let answer: string
  try {
    response = await fetch(`/c/${to}/messages`, {
      method: 'POST',
      headers: { 'HX-Request': 'true', 'HX-Current-URL': location.href, Accept: 'text/html' },
      body: new URLSearchParams({ clientId, body }),
      signal: AbortSignal.timeout(20_000),
    })
    answer = await response.text()
  } catch {
    return later(0)
  }
  if (response.ok) return { kind: 'kept', row: answer }
  if (response.status === 401) {
    signInAgain()
    return later(longestDelayMs)
  }
  const code = response.headers.get('X-Refusal')
  // Without a code it is not our answer but that of a proxy before a server that is away.
  if (code === null || response.headers.get('X-Retryable') === 'true') {
    return later(Number(response.headers.get('Retry-After') ?? 0) * 1000, code === null ? '' : wordsOf(answer))
  }
  return { kind: 'refused', why: wordsOf(answer) }
}

function later(atLeastMs: number, why = ''): Outcome {
  const afterMs = Math.max(atLeastMs, delayMs) * (0.8 + Math.random() * 0.4)
  delayMs = Math.min(longestDelayMs, delayMs * 2)
  return { kind: 'later', afterMs, why }
}

function wordsOf(html: string): string {
  const template = document.createElement('template')
  template.innerHTML = html
  return template.content.textContent?.trim() ?? ''
}

/** Shows this conversation's unsent answers below its rows. */
function showUnsent(): void {
  const list = messages()
  if (!list) return
  const id = openConversation()?.id
  const unsent = read().filter((one) => one.conversationId === id)
  for (const row of list.querySelectorAll<HTMLElement>('li[data-state]')) {
    if (!unsent.some((one) => one.clientId === row.dataset.clientId)) row.remove()
  }
  for (const one of unsent) {
    const row = rowOf(one.clientId) ?? addPending(one)
    if (row.dataset.seq !== undefined) continue
    row.dataset.state = one.failed === undefined ? 'pending' : 'failed'
    fill(row, '[data-why]', one.failed)
    fill(row, '[data-wait]', one.waits)
  }
}

function fill(row: HTMLElement, selector: string, text = ''): void {
  const place = row.querySelector(selector)
  if (place && place.textContent !== text) place.textContent = text
}

const rowOf = (clientId: string): HTMLElement | null =>
  messages()?.querySelector<HTMLElement>(`li[data-client-id="${CSS.escape(clientId)}"]`) ?? null

function addPending({ clientId, body }: Unsent): HTMLElement {
  const template = document.querySelector<HTMLTemplateElement>('#pending-row')
  const row = template?.content.firstElementChild?.cloneNode(true) as HTMLElement
  row.dataset.clientId = clientId
  row.dataset.author = agentId
  const face = row.querySelector('.face')
  if (face) face.textContent = body
  messages()?.append(row)
  return row
}
