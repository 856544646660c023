import { find, isOpen, messages, onOpen, openConversation, stream } from './place.ts'
import { lastSeq } from './rows.ts'

// What follows from the rows that stand in the page: where it is scrolled to, what is announced, what has been read.
const nearBottomPx = 40

let atBottom = true
let height = 0
let firstSeq = 0
let newest = 0
let unseen = 0
let visitorRead = 0
let toldRead = 0

export function startView(): void {
  document.addEventListener('visibilitychange', tellRead)
  onOpen(opened)
}

const resized = new ResizeObserver(() => {
  if (atBottom) toBottom()
})

function opened(): void {
  resized.disconnect()
  const [scroller, list] = [stream(), messages()]
  if (!scroller || !list) return
  newest = lastSeq()
  firstSeq = seqAt(0)
  unseen = 0
  toldRead = 0
  visitorRead = Number(list.dataset.visitorRead ?? 0)
  toBottom()
  scroller.addEventListener('scroll', scrolled)
  resized.observe(scroller)
  latest()?.addEventListener('click', toBottom)
  showSeen(visitorRead)
  tellRead()
}

const latest = () => find<HTMLButtonElement>('#latest')

function scrolled(): void {
  const scroller = stream()
  if (!scroller) return
  atBottom = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < nearBottomPx
  if (atBottom) showLatest(0)
}

const seqAt = (place: number): number =>
  Number(messages()?.querySelectorAll<HTMLElement>('li[data-seq]')[place]?.dataset.seq ?? 0)

/** After rows came: stays at the end or where the reader is, counts and announces what is new. */
export function rowsChanged(): void {
  const scroller = stream()
  if (!scroller) return
  const first = seqAt(0)
  if (first < firstSeq) scroller.scrollTop += scroller.scrollHeight - height
  firstSeq = first
  announceSince(newest)
  newest = Math.max(newest, lastSeq())
  if (atBottom) toBottom()
  height = scroller.scrollHeight
  showSeen(visitorRead)
  tellRead()
}

/** To the end; one's own answer brings the reader there too. */
export function toBottom(): void {
  const scroller = stream()
  if (!scroller) return
  scroller.scrollTop = scroller.scrollHeight
  height = scroller.scrollHeight
  atBottom = true
  showLatest(0)
}

function showLatest(count: number): void {
  unseen = count
  const button = latest()
  if (!button) return
  button.hidden = count === 0
  const counter = button.querySelector('.count')
  if (counter) counter.textContent = `${count}`
}

function announceSince(seq: number): void {
  const fresh = [...(messages()?.querySelectorAll<HTMLElement>('li[data-seq]') ?? [])].filter(
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
  for (const row of messages()?.querySelectorAll<HTMLElement>('li[data-from="agent"][data-seq]') ?? []) {
    row.toggleAttribute('data-seen', Number(row.dataset.seq) <= visitorRead)
  }
}

/** Tells the server how far this window has been read, while somebody can see it. */
export function tellRead(): void {
  const seq = lastSeq()
  const id = openConversation()?.id
  if (document.visibilityState !== 'visible' || id === undefined || seq <= toldRead) return
  const before = toldRead
  toldRead = seq
  void fetch(`/c/${id}/read`, { method: 'PUT', body: new URLSearchParams({ seq: `${seq}` }) })
    .then((response) => response.ok)
    .catch(() => false)
    .then((told) => {
      if (!told && isOpen(id)) toldRead = Math.min(toldRead, before)
    })
}
