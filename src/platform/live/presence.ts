/** Who is there: known by at least one open connection, and not away. */
export type Present = { id: string; name: string; title?: string | null; photo?: string | null }

// A reload closes one connection and opens the next; nobody should see the person leave and return.
const graceMs = 5000

type Entry = Present & { away: boolean; said: number; connections: number; leaving: Timer | null }
const entries = new Map<string, Entry>()
const listeners = new Set<() => void>()

export const present = (): Present[] =>
  [...entries.values()].flatMap(({ away, said: _, connections: __, leaving: ___, ...person }) => (away ? [] : [person]))

/** Calls back whenever somebody came or went. */
export function onPresence(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Counts one more connection of this person; `away` is for the first of them, `sayPresent` for whatever comes later. */
export function enter(
  id: string,
  name: string,
  { away = false, ...card }: Pick<Present, 'title' | 'photo'> & { away?: boolean } = {},
): void {
  const entry = entries.get(id)
  if (entry) {
    if (entry.leaving) clearTimeout(entry.leaving)
    entry.leaving = null
    entry.connections++
    Object.assign(entry, { name, ...card })
    return
  }
  entries.set(id, { id, name, ...card, away, said: 0, connections: 1, leaving: null })
  changed()
}

/** How often somebody who is connected has said whether they are away: what was asked for before the last time is old. */
export const timesSaid = (id: string): number => entries.get(id)?.said ?? 0

/** Somebody who is connected says that they are away, or there again. */
export function sayPresent(id: string, away: boolean): void {
  const entry = entries.get(id)
  if (!entry) return
  entry.said++
  if (entry.away === away) return
  entry.away = away
  changed()
}

/** Counts one connection less; the person is gone when none is left and none came back for 5 s. */
export function leavePresence(id: string): void {
  const entry = entries.get(id)
  if (!entry || --entry.connections > 0) return
  entry.leaving = setTimeout(() => {
    entries.delete(id)
    changed()
  }, graceMs)
  entry.leaving.unref()
}

/** Forgets everybody: the house closes. */
export function clearPresence(): void {
  for (const { leaving } of entries.values()) if (leaving) clearTimeout(leaving)
  entries.clear()
  listeners.clear()
}

function changed(): void {
  for (const listener of listeners) listener()
}
