import { messages, onOpen, openConversation, signInAgain } from './place.ts'

/**
 * The part of the open conversation's log that stands in the page: all from `from` to `to`, of one side alone where
 * `side` says so. It `follows` the log's end, or is read further up, while `last` goes on.
 */
export type Log = {
  id: string
  list: HTMLOListElement
  from: number
  to: number
  last: number
  side: string | null
  follows: boolean
}
export type Page = { rows: HTMLElement[]; from: number; to: number; last: number }

let log: Log | null = null

/** Notes what the page of a conversation came with. */
export function startLog(): void {
  onOpen(() => {
    const open = openConversation()
    const list = messages()
    log = open && list ? readLog(open.id, list) : null
  })
}

function readLog(id: string, list: HTMLOListElement): Log {
  const { fromSeq, toSeq, lastSeq, stream } = list.dataset
  const to = Number(toSeq ?? 0)
  const last = Number(lastSeq ?? 0)
  return { id, list, from: Number(fromSeq ?? 1), to, last, side: stream ?? null, follows: to >= last }
}

/** What stands in the page now; null while no conversation is open. */
export const openLog = (): Log | null => log

export const seqOf = (row: Element): number => Number((row as HTMLElement).dataset.seq)

export const rowsOf = (list: Element): HTMLElement[] => [...list.querySelectorAll<HTMLElement>('li[data-seq]')]

/** A side of the log that is not shown now does not count. */
export const isShown = (row: HTMLElement, side: string | null): boolean =>
  side === null ||
  (side === 'actions'
    ? row.dataset.event !== undefined
    : row.dataset.event === undefined && isOf(row.dataset.from, side))

const isOf = (from: string | undefined, side: string): boolean =>
  side === 'visitor' ? from === 'visitor' : from !== 'visitor'

/**
 * Puts the rows in order, whatever brought them: each entry once, by its seq, an answer of ours in the place of its
 * pending copy, and what is still pending at the end. True when something is missing in between: an agent's log has no
 * holes.
 */
export function tidy(): boolean {
  if (!log) return false
  const rows = new Map<number, HTMLElement>()
  for (const row of rowsOf(log.list)) {
    if (rows.has(seqOf(row))) row.remove()
    else rows.set(seqOf(row), row)
    dropPendingOf(log.list, row)
  }
  const seqs = [...rows.keys()]
  const inOrder = seqs.toSorted((a, b) => a - b)
  if (seqs.some((seq, place) => seq !== inOrder[place]))
    log.list.prepend(...inOrder.flatMap((seq) => rows.get(seq) ?? []))
  keepPendingLast(log.list)
  return takeIn(log, rows, inOrder)
}

/** Notes what came at the end. Behind a hole nothing stands where one reads further up: it comes when one goes there. */
function takeIn(into: Log, rows: Map<number, HTMLElement>, inOrder: number[]): boolean {
  let hole = false
  for (const seq of inOrder) {
    into.last = Math.max(into.last, seq)
    if (seq === into.to + 1) into.to = seq
    else if (seq > into.to && into.follows) hole = true
    else if (seq > into.to || seq < into.from) rows.get(seq)?.remove()
  }
  if (!hole) into.follows = into.to >= into.last
  return hole
}

function dropPendingOf(list: HTMLElement, row: HTMLElement): void {
  const { clientId } = row.dataset
  if (clientId === undefined) return
  list.querySelector(`li[data-state][data-client-id="${CSS.escape(clientId)}"]`)?.remove()
}

function keepPendingLast(list: HTMLElement): void {
  const pending = [...list.querySelectorAll<HTMLElement>('li[data-state]')]
  const last = [...list.children].slice(-pending.length)
  if (pending.some((row, place) => row !== last[place])) list.append(...pending)
}

/** Adds rows of a conversation that came as HTML of our own server, if it is still the open one. */
export function addRows(conversationId: string, html: string): void {
  if (log?.id === conversationId) log.list.append(...rowsIn(html))
}

function rowsIn(html: string): HTMLElement[] {
  const template = document.createElement('template')
  template.innerHTML = html
  return [...template.content.querySelectorAll<HTMLElement>('li[data-seq]')]
}

/** Asks for entries of the side that is shown. Null when they did not come. */
export async function askFor({ id, side }: Log, what: Record<string, string>): Promise<Page | null> {
  const query = new URLSearchParams({ ...what, ...(side === null ? {} : { stream: side }) })
  try {
    const response = await fetch(`/c/${id}/entries?${query}`, { headers: { 'HX-Request': 'true' } })
    if (response.status === 401) signInAgain()
    const [, from, to, last] = /^(\d+)-(\d+)\/(\d+)$/.exec(response.headers.get('X-Entries') ?? '') ?? []
    if (!response.ok || from === undefined) return null
    return { rows: rowsIn(await response.text()), from: Number(from), to: Number(to), last: Number(last) }
  } catch {
    return null
  }
}
