import { isShown, openLog } from './log.ts'
import { dayOf } from './times.ts'
import { find } from './place.ts'

// A row is the same for every reader, in a page as in a push. What follows from its neighbours and from the reader is laid
// over it here: days, the "new" line, and which rows belong together. Done again, it changes nothing.
const togetherMs = 5 * 60_000

type Before = { row: HTMLElement; at: number; day: string }

/** Days, the line before what is new, and groups of one author. */
export function arrange(): void {
  const log = openLog()
  if (!log) return
  const marks = new Set<Element>()
  const newFirst = firstNew(log.list, log.from)
  let before = null as Before | null
  let pages: Pages = { group: '', before: '' }
  for (const row of log.list.querySelectorAll<HTMLElement>('li[data-seq], li[data-state]')) {
    if (!isShown(row, log.side)) continue
    const at = momentOf(row)
    const day = dayOf(at)
    const isNew = row === newFirst
    if (isNew) marks.add(newLineBefore(row))
    if (day !== before?.day) marks.add(dayBefore(row, day))
    const joins = before !== null && !isNew && belongs(row, { at, day }, before)
    row.toggleAttribute('data-joins', joins)
    before?.row.toggleAttribute('data-goes-on', joins)
    pages = showPage(row, joins, pages)
    before = { row, at, day }
  }
  before?.row.removeAttribute('data-goes-on')
  for (const mark of log.list.querySelectorAll('li.day, li.new-line')) if (!marks.has(mark)) mark.remove()
}

function momentOf(row: HTMLElement): number {
  const time = row.querySelector('time')
  return time ? Date.parse(time.dateTime) : Date.now()
}

function belongs(row: HTMLElement, { at, day }: { at: number; day: string }, before: Before): boolean {
  const { from, author } = row.dataset
  const other = before.row.dataset
  return (
    from !== undefined &&
    from === other.from &&
    author === other.author &&
    day === before.day &&
    at - before.at < togetherMs &&
    pageOf(row) === pageOf(before.row)
  )
}

type Pages = { group: string; before: string }

/** A page stands below what was written there once: until the visitor writes from another one. */
function showPage(row: HTMLElement, joins: boolean, { group, before }: Pages): Pages {
  if (row.dataset.from !== 'visitor') return { group, before }
  const page = pageOf(row)
  const last = joins ? before : group
  row.toggleAttribute('data-same-page', page !== '' && page === last)
  return { group: page || group, before: last }
}

const pageOf = (row: HTMLElement): string => row.querySelector<HTMLAnchorElement>('a.from-page')?.href ?? ''

/** The visitor's first entry past this agent's mark as it was when they came. */
function firstNew(list: HTMLElement, from: number): HTMLElement | null {
  const after = Number(list.dataset.newAfter ?? Number.NaN)
  if (Number.isNaN(after) || from > after + 1) return null
  const rows = list.querySelectorAll<HTMLElement>('li[data-from="visitor"][data-seq]')
  return [...rows].find((row) => Number(row.dataset.seq) > after) ?? null
}

function newLineBefore(row: HTMLElement): Element {
  const stands = row.previousElementSibling
  if (stands?.matches('.new-line')) return stands
  const line =
    row.parentElement?.querySelector('.new-line') ??
    find<HTMLTemplateElement>('#new-line')?.content.firstElementChild?.cloneNode(true)
  if (line) row.before(line)
  return row.previousElementSibling ?? row
}

function dayBefore(row: HTMLElement, day: string): Element {
  let place: Element = row
  if (place.previousElementSibling?.matches('.new-line')) place = place.previousElementSibling
  const stands = place.previousElementSibling
  if (stands instanceof HTMLElement && stands.dataset.day === day) return stands
  const mark = document.createElement('li')
  mark.className = 'day'
  mark.dataset.day = day
  const time = document.createElement('time')
  time.dateTime = day
  mark.append(time)
  place.before(mark)
  return mark
}
