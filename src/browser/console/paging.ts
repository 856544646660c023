import { askFor, type Log, openLog, rowsOf, seqOf } from './log.ts'
import { find } from './place.ts'

// As much of a log stands in the page as one can look at: at one end it grows, at the other it is let go. A conversation
// of five thousand messages then costs what one of four hundred does, and no row has to guess its height.
const mostRows = 400
const trimmedAt = 500

/** How the view takes a change of the rows: with what one looks at held in its place. */
type Change = (change: () => void) => void

let holding: Change = (change) => change()
let settle: () => void = () => undefined
let asking: Log | null = null

export function startPaging(view: { holding: Change; settle: () => void }): void {
  holding = view.holding
  settle = view.settle
}

/** Puts what stands before above, and lets go of the other end. False when it did not come. */
export async function earlier(): Promise<boolean> {
  const log = openLog()
  if (!log || log.from <= 1 || asking === log) return true
  const page = await once(log, { before: `${log.from}` })
  if (log !== openLog()) return true
  showReach(log, page === null)
  if (!page) return false
  holding(() => {
    log.list.prepend(...page.rows)
    log.from = page.from
    letGoBelow(log)
    settle()
  })
  showReach(log, false)
  return true
}

/** Puts what comes next below, where one reads further up, and lets go of the other end. */
export async function later(): Promise<boolean> {
  const log = openLog()
  if (!log || log.follows || asking === log) return true
  const page = await once(log, { after: `${log.to}` })
  if (log !== openLog() || log.follows) return true
  if (!page) return false
  holding(() => {
    append(log, page)
    log.follows = log.to >= log.last
    letGoAbove(log, mostRows)
    settle()
  })
  showReach(log, false)
  return true
}

/** Shows another part of the log: around an entry, or its end. False when it did not come. */
export async function turnTo(what: { around: string } | { latest: string }): Promise<boolean> {
  const log = openLog()
  if (!log) return false
  const page = await askFor(log, what)
  if (!page || log !== openLog()) return false
  for (const row of rowsOf(log.list)) row.remove()
  log.list.prepend(...page.rows)
  Object.assign(log, { from: page.from, to: page.to, last: Math.max(log.last, page.last) })
  log.follows = log.to >= log.last
  settle()
  showReach(log, false)
  return true
}

/** The log's end is there by now: what came since is counted where one reads further up. */
export function goneOn(last: number): void {
  const log = openLog()
  if (!log || log.follows || last <= log.last) return
  log.last = last
  settle()
}

type CatchingUp = { log: Log; done: Promise<void>; again: boolean }
let catchingUp: CatchingUp | null = null

/**
 * Fetches what came after what is shown, where the end is shown, until nothing is left. One at a time. `sinceNow`: what is
 * under way may have been answered before somebody listened, so that it is asked for once more.
 */
export function catchUp(sinceNow = false): Promise<void> {
  const log = openLog()
  if (!log) return Promise.resolve()
  if (catchingUp?.log === log) {
    catchingUp.again ||= sinceNow
    return catchingUp.done
  }
  const mine: CatchingUp = { log, done: Promise.resolve(), again: false }
  catchingUp = mine
  mine.done = fetchNew(mine).finally(() => {
    if (catchingUp === mine) catchingUp = null
  })
  return mine.done
}

async function fetchNew(mine: CatchingUp): Promise<void> {
  const { log } = mine
  while (log.follows) {
    const before = log.to
    mine.again = false
    const page = await askFor(log, { after: `${before}` })
    if (!page || log !== openLog()) return
    append(log, page)
    // After a long absence one goes on from where one was, at one's own pace.
    log.follows = page.last - page.to < mostRows
    settle()
    if (!mine.again && (page.to >= page.last || log.to <= before)) return
  }
}

function append(log: Log, page: { rows: HTMLElement[]; to: number; last: number }): void {
  log.list.append(...page.rows)
  log.to = Math.max(log.to, page.to)
  log.last = Math.max(log.last, page.last)
}

async function once(log: Log, what: Record<string, string>) {
  asking = log
  try {
    return await askFor(log, what)
  } finally {
    if (asking === log) asking = null
  }
}

/** Called where the end is shown: what has long been said stands above for whoever asks for it. */
export function letGoAbove(log: Log, most = trimmedAt): void {
  const rows = rowsOf(log.list)
  if (rows.length <= most) return
  for (const row of rows.slice(0, rows.length - mostRows)) row.remove()
  const first = rows[rows.length - mostRows]
  if (first) log.from = seqOf(first)
  showReach(log, false)
}

function letGoBelow(log: Log): void {
  const rows = rowsOf(log.list)
  if (rows.length <= mostRows) return
  for (const row of rows.slice(mostRows)) row.remove()
  const last = rows[mostRows - 1]
  if (last) log.to = seqOf(last)
  log.follows = false
}

/** Whether something stands before what is shown, and whether it could be fetched. */
function showReach(log: Log, failed: boolean): void {
  const place = find('#earlier')
  if (!place) return
  place.hidden = log.from <= 1
  const told = place.querySelector<HTMLElement>('[data-failed]')
  if (told) told.hidden = !failed
}
