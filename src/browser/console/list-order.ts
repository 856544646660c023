const rowsOf = (list: ParentNode): HTMLElement[] => [...list.children] as HTMLElement[]
const idsOf = (rows: HTMLElement[]): string[] => rows.map(({ id }) => id)

/**
 * Gives what comes anew the order in which the rows stand now, when it would move the row `still`: new rows wait, and
 * those that are gone stay. Returns whether it did.
 */
export function holdOrder(list: ParentNode, fresh: DocumentFragment, still: string): boolean {
  const standing = rowsOf(list)
  const coming = rowsOf(fresh)
  const place = standing.findIndex(({ id }) => id === still)
  const above = idsOf(standing.slice(0, place + 1))
  if (above.every((id, at) => coming[at]?.id === id)) return false
  const byId = new Map(coming.map((row) => [row.id, row]))
  fresh.replaceChildren(...standing.map((row) => byId.get(row.id) ?? row.cloneNode(true)))
  return true
}

/**
 * An answer that ends before the list does says nothing of what stands below: rows past its last one stay, with the way to
 * those after them.
 */
export function keepTail(list: ParentNode, fresh: DocumentFragment): void {
  const more = fresh.querySelector('#more')
  const last = rowsOf(fresh).findLast((row) => row.dataset.conversation !== undefined)
  if (!more || !last) return
  const coming = new Set(idsOf(rowsOf(fresh)))
  const tail = rowsOf(list).filter((row) => !coming.has(row.id) && isPast(list, row, last))
  if (tail.length === 0) return
  more.replaceWith(...tail.map((row) => row.cloneNode(true)))
  const way = list.querySelector('#more')
  if (way) fresh.append(way.cloneNode(true))
}

/** Whether a row stands below another in this list's order: oldest first in Waiting, newest first elsewhere. */
function isPast(list: ParentNode, row: HTMLElement, other: HTMLElement): boolean {
  if (row.dataset.conversation === undefined) return false
  const waits = (list as HTMLElement).dataset.list?.startsWith('folder=waiting')
  const [low, high] = waits ? [other, row] : [row, other]
  const [before, after] = [Number(low.dataset.at), Number(high.dataset.at)]
  return before < after || (before === after && (low.dataset.conversation ?? '') < (high.dataset.conversation ?? ''))
}

/** Of a next page, what does not stand in the list already: rows may have moved since it was asked for. */
export function withoutKnown(list: ParentNode, page: DocumentFragment): void {
  const known = new Set(idsOf(rowsOf(list)).filter((id) => id !== 'more'))
  for (const row of rowsOf(page)) if (known.has(row.id)) row.remove()
}
