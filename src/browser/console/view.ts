import { answered } from './answering.ts'
import { arrange } from './arrange.ts'
import { isShown, openLog, rowsOf, seqOf, tidy } from './log.ts'
import { catchUp, earlier, later, letGoAbove, startPaging, turnTo } from './paging.ts'
import { find, onOpen, stream } from './place.ts'
import { tellRead } from './read.ts'
import { forgetSeen, showSeen } from './seen.ts'
import { showTimes } from './times.ts'
import { hideTypingIfSaid } from './typing.ts'

// What follows from the rows that stand in the page: where it is scrolled to, what is announced, what is fetched next.
const nearBottomPx = 40
const fetchWithinPx = 800
const farPx = 600

let atBottom = true
let top = 0
let beginsHidden = false
let newest = 0
let unseen = 0

export function startView(): void {
  startPaging({ holding, settle })
  onOpen(opened)
  document.addEventListener('click', clicked)
}

const resized = new ResizeObserver(() => {
  const scroller = stream()
  if (!scroller || scroller.clientHeight === 0) return
  if (beginsHidden) toBeginning()
  else if (atBottom) toBottom()
  // A screen of a phone that was away comes back at its top.
  else if (scroller.scrollTop === 0 && top > 0) scroller.scrollTop = top
  tellRead()
})
const changed = new MutationObserver(() => settle())

function opened(): void {
  resized.disconnect()
  changed.disconnect()
  const [scroller, log] = [stream(), openLog()]
  if (!scroller || !log) return
  forgetSeen(log.list)
  arrange()
  showTimes()
  newest = log.last
  // What one has not read and what is not fetched yet waits below.
  unseen = find('#messages .new-line') ? log.last - log.to : 0
  top = 0
  toBeginning()
  scroller.addEventListener('scroll', scrolled, { passive: true })
  resized.observe(scroller)
  changed.observe(log.list, { childList: true })
  showSeen()
  tellRead()
  scrolled()
}

/** Where one left off: at the line before what is new, or at the end where all of it can be seen. */
function toBeginning(): void {
  const [scroller, line] = [stream(), find('#messages .new-line')]
  beginsHidden = scroller?.clientHeight === 0
  toBottom()
  if (!scroller || !line) return
  const above = line.getBoundingClientRect().top - scroller.getBoundingClientRect().top
  if (above < 0) scroller.scrollTop += above - scroller.clientHeight * 0.2
  atBottom = isAtBottom(scroller)
}

const isAtBottom = (scroller: HTMLElement): boolean =>
  openLog()?.follows !== false && scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < nearBottomPx

/** What follows from rows that came or went, whoever brought them. Done again, it changes nothing. */
function settle(): void {
  const log = openLog()
  if (!log) return
  if (tidy()) void catchUp()
  if (atBottom) letGoAbove(log)
  arrange()
  showTimes()
  hideTypingIfSaid()
  noteNew()
  showSeen()
  showNothing()
  // What is not sent yet follows the end, which is not here.
  log.list.toggleAttribute('data-parted', !log.follows)
  if (atBottom && log.follows) toBottom()
  else showLatest()
  tellRead()
}

/** Changes the rows with the one that one looks at held where it is, in engines that know no anchors too. */
function holding(change: () => void): void {
  const [scroller, anchor] = [stream(), firstInView()]
  const stood = anchor?.getBoundingClientRect().top ?? 0
  change()
  if (scroller && anchor?.isConnected) scroller.scrollTop += anchor.getBoundingClientRect().top - stood
  lookAround()
}

function firstInView(): HTMLElement | undefined {
  const [log, top] = [openLog(), stream()?.getBoundingClientRect().top ?? 0]
  return log ? rowsOf(log.list).find((row) => row.getBoundingClientRect().bottom > top) : undefined
}

/** Takes note of where one reads now. */
export function scrolled(): void {
  const scroller = stream()
  if (!scroller || scroller.clientHeight === 0) return
  top = scroller.scrollTop
  atBottom = isAtBottom(scroller)
  if (atBottom) unseen = 0
  showLatest()
  lookAround()
}

let lookAgain = 0
const lookAgainMs = 3000

/** Fetches what one is about to scroll to. What did not come is asked for again after a while, or at a press. */
function lookAround(): void {
  const scroller = stream()
  if (!scroller || lookAgain !== 0) return
  const below = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight
  if (scroller.scrollTop < fetchWithinPx) void earlier().then(unlessFailed)
  if (below < fetchWithinPx) void later().then(unlessFailed)
}

function unlessFailed(came: boolean): void {
  if (came) return
  lookAgain = window.setTimeout(() => {
    lookAgain = 0
    lookAround()
  }, lookAgainMs)
}

function clicked(event: MouseEvent): void {
  const target = event.target as Element
  if (target.closest('#latest')) void toLatest()
  else if (target.closest('[data-do="earlier"]')) void earlier()
}

/** To the end of the log, wherever one reads. */
export async function toLatest(): Promise<void> {
  if (openLog()?.follows === false) await turnTo({ latest: '1' })
  toBottom()
}

/** To the end of what is shown; one's own answer brings the reader there too. */
export function toBottom(): void {
  const scroller = stream()
  if (!scroller) return
  scroller.scrollTop = scroller.scrollHeight
  atBottom = isAtBottom(scroller)
  if (atBottom) unseen = 0
  showLatest()
}

/** The way to the end, and how much stands there that came while one read further up. */
function showLatest(): void {
  const [button, scroller, log] = [find<HTMLButtonElement>('#latest'), stream(), openLog()]
  if (!button || !scroller || !log) return
  const far = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight > farPx
  const hidden = log.follows && unseen === 0 && !far
  if (button.hidden !== hidden) button.hidden = hidden
  const counter = button.querySelector('.count')
  const shown = unseen === 0 ? '' : unseen > 99 ? '99+' : `${unseen}`
  if (counter && counter.textContent !== shown) counter.textContent = shown
}

/** Counts what is new for whoever reads further up, and announces what the visitor said. */
function noteNew(): void {
  const log = openLog()
  if (!log || log.last <= newest) return
  const fresh = rowsOf(log.list).filter((row) => seqOf(row) > newest && isShown(row, log.side))
  // Of what is not fetched, all counts.
  const unfetched = log.follows ? 0 : log.last - Math.max(newest, log.to)
  newest = log.last
  if (!atBottom) unseen += fresh.length + unfetched
  const told = fresh.filter((row) => row.dataset.from === 'visitor').slice(-3)
  const announcer = find('#announce')
  if (told.length > 0 && announcer) announcer.textContent = told.map(spoken).join(' ')
  for (const row of fresh) said(row)
  if (atBottom) for (const row of fresh) row.dataset.fresh = ''
}

/** Whoever has answered is not answering any more. */
const said = ({ dataset }: HTMLElement): void => {
  if (dataset.author !== undefined) answered(dataset.author)
}

const spoken = (row: HTMLElement): string =>
  `${row.querySelector('.said')?.textContent ?? ''} ${(row.querySelector('.face .words') ?? row.querySelector('.face'))?.textContent ?? ''}`

/** Says so where the side that is shown has nothing to show. */
function showNothing(): void {
  const [place, log] = [find('#nothing'), openLog()]
  if (!place || !log) return
  const hidden = log.side === null || log.from > 1 || rowsOf(log.list).some((row) => isShown(row, log.side))
  if (place.hidden !== hidden) place.hidden = hidden
}
