import htmx from 'htmx.org'
import { holdOrder, keepTail, withoutKnown } from './list-order.ts'
import { find } from './place.ts'

// The list comes anew as a whole and is morphed. What stands under the pointer or the focus stays where it is meanwhile:
// words and numbers change at once, the order when the pointer leaves, or after two seconds.
const heldAtMostMs = 2000
const nearTopPx = 4

type Task = { type: string; target: Element | string | null; fragment: DocumentFragment; swapSpec: { style: string } }
type SwapEvent = CustomEvent<{ ctx: { sourceElement: Element }; tasks: Task[] }>

/** The list as it should be by now, while it is held back. */
let waiting: DocumentFragment | null = null
let timer = 0
let released: DocumentFragment | null = null
let anchor: { id: string; top: number } | null = null

export function startListSwaps(): void {
  document.addEventListener('htmx:before:swap', (event) => beforeSwap(event as SwapEvent))
  document.addEventListener('htmx:after:swap', keepPlace)
  document.addEventListener('pointerover', ({ target }) => releaseIfOutside(target))
  document.addEventListener('focusin', ({ target }) => releaseIfOutside(target))
  document.documentElement.addEventListener('pointerleave', release)
}

function beforeSwap({ detail: { ctx, tasks } }: SwapEvent): void {
  const rows = find('#rows')
  if (!rows) return
  for (const task of tasks) {
    if (task.type === 'main' && ctx.sourceElement.id === 'more') withoutKnown(rows, task.fragment)
    if (task.type === 'partial' && task.target === rows) comeAnew(rows, task.fragment)
  }
}

function comeAnew(rows: HTMLElement, fragment: DocumentFragment): void {
  if (released) fragment.replaceChildren(...released.childNodes)
  keepTail(rows, fragment)
  const pointed = pointedRow(rows)
  const whole = fragment.cloneNode(true) as DocumentFragment
  if (pointed && !released && holdOrder(rows, fragment, pointed.id)) {
    waiting = whole
    if (timer === 0) timer = window.setTimeout(release, heldAtMostMs)
    return
  }
  letGo()
  anchor = anchorIn(rows, pointed)
}

/** The row that somebody points at, or has reached by keys. */
function pointedRow(rows: HTMLElement): HTMLElement | null {
  const byKey = document.activeElement?.closest<HTMLElement>('#rows > li')
  if (byKey && document.activeElement?.matches(':focus-visible')) return byKey
  return matchMedia('(hover: hover)').matches ? rows.querySelector<HTMLElement>(':scope > li:hover') : null
}

function releaseIfOutside(target: EventTarget | null): void {
  if (waiting === null) return
  const rows = find('#rows')
  if (!rows || !(target instanceof Element) || (!rows.contains(target) && !pointedRow(rows))) release()
}

function letGo(): void {
  clearTimeout(timer)
  timer = 0
  waiting = null
}

function release(): void {
  const rows = find('#rows')
  released = waiting
  letGo()
  // Put in as the elements they are: to write them out and read them again is where text could become markup.
  const partial = '<hx-partial hx-target="#rows" hx-swap="innerMorph"><li></li></hx-partial>'
  if (released && rows) void htmx.swap({ sourceElement: rows, target: '#rows', swap: 'none', text: partial })
  released = null
}

/** The row whose place on the screen is kept: the one that is pointed at, or, further down the list, the first in sight. */
function anchorIn(rows: HTMLElement, pointed: HTMLElement | null): typeof anchor {
  const pane = rows.parentElement
  if (!pane || (pane.scrollTop <= nearTopPx && !pointed)) return null
  const top = pane.getBoundingClientRect().top
  const row = pointed ?? [...rows.children].find((one) => one.getBoundingClientRect().bottom > top)
  return row ? { id: row.id, top: row.getBoundingClientRect().top } : null
}

function keepPlace(): void {
  if (!anchor) return
  const row = document.getElementById(anchor.id)
  const pane = row?.closest('.rows')
  if (row && pane) pane.scrollTop += row.getBoundingClientRect().top - anchor.top
  anchor = null
}
