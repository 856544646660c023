import { conversationId, find, messages, stream } from './place.ts'
import { lastSeq } from './rows.ts'

// What follows from the rows that stand in the page: where it is scrolled to, what is announced, what has been read.
const latest = find<HTMLButtonElement>('#latest')
const nearBottomPx = 40

let atBottom = true
let height = 0
let firstSeq = 0
let newest = 0
let unseen = 0
let visitorRead = Number(messages?.dataset.visitorRead ?? 0)
let toldRead = 0

export function startView(): void {
  if (!stream || !messages) return
  newest = lastSeq()
  firstSeq = seqAt(0)
  toBottom()
  stream.addEventListener('scroll', scrolled)
  new ResizeObserver(() => {
    if (atBottom) toBottom()
  }).observe(stream)
  latest?.addEventListener('click', toBottom)
  document.addEventListener('visibilitychange', tellRead)
  showSeen(visitorRead)
  tellRead()
}

function scrolled(): void {
  if (!stream) return
  atBottom = stream.scrollHeight - stream.scrollTop - stream.clientHeight < nearBottomPx
  if (atBottom) showLatest(0)
}

const seqAt = (place: number): number =>
  Number(messages?.querySelectorAll<HTMLElement>('li[data-seq]')[place]?.dataset.seq ?? 0)

/** After rows came: stays at the end or where the reader is, counts and announces what is new. */
export function rowsChanged(): void {
  if (!stream || !messages) return
  const first = seqAt(0)
  if (first < firstSeq) stream.scrollTop += stream.scrollHeight - height
  firstSeq = first
  announceSince(newest)
  newest = Math.max(newest, lastSeq())
  if (atBottom) toBottom()
  height = stream.scrollHeight
  showSeen(visitorRead)
  tellRead()
}

/** To the end; one's own answer brings the reader there too. */
export function toBottom(): void {
  if (!stream) return
  stream.scrollTop = stream.scrollHeight
  height = stream.scrollHeight
  atBottom = true
  showLatest(0)
}

function showLatest(count: number): void {
  unseen = count
  if (!latest) return
  latest.hidden = count === 0
  const counter = latest.querySelector('.count')
  if (counter) counter.textContent = `${count}`
}

function announceSince(seq: number): void {
  const fresh = [...(messages?.querySelectorAll<HTMLElement>('li[data-seq]') ?? [])].filter(
    (row) => Number(row.dataset.seq) > seq,
  )
  if (fresh.length === 0) return
  if (!atBottom) showLatest(unseen + fresh.length)
  const told = fresh.filter((row) => row.dataset.from === 'visitor').slice(-3)
  const announcer = find('#announce')
  if (told.length > 0 && announcer) announcer.textContent = told.map(spoken).join(' ')
}

const spoken = (row: HTMLElement): string =>
  `${row.querySelector('.said')?.textContent ?? ''} ${(row.querySelector('.face .words') ?? row.querySelector('.face'))?.textContent ?? ''}`

/** Marks our answers up to `seq` as seen by the visitor. */
export function showSeen(seq: number): void {
  visitorRead = Math.max(visitorRead, seq)
  for (const row of messages?.querySelectorAll<HTMLElement>('li[data-from="agent"][data-seq]') ?? []) {
    row.toggleAttribute('data-seen', Number(row.dataset.seq) <= visitorRead)
  }
}

/** Tells the server how far this window has been read, while somebody can see it. */
export function tellRead(): void {
  const seq = lastSeq()
  if (document.visibilityState !== 'visible' || conversationId === null || seq <= toldRead) return
  const before = toldRead
  toldRead = seq
  void fetch(`/c/${conversationId}/read`, { method: 'PUT', body: new URLSearchParams({ seq: `${seq}` }) })
    .then((response) => response.ok)
    .catch(() => false)
    .then((told) => {
      if (!told) toldRead = Math.min(toldRead, before)
    })
}
