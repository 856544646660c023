/** Who is there: known by at least one open connection. */
export type Present = { id: string; name: string; title?: string | null; photo?: string | null }

// A reload closes one connection and opens the next; nobody should see the person leave and return.
const graceMs = 5000

type Entry = Present & { connections: number; leaving: Timer | null }
const entries = new Map<string, Entry>()
const listeners = new Set<() => void>()

export const present = (): Present[] =>
  [...entries.values()].map(({ connections: _, leaving: __, ...person }) => person)

/** Calls back whenever somebody came or went. */
export function onPresence(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Counts one more connection of this person. */
export function enter(id: string, name: string, card: Pick<Present, 'title' | 'photo'> = {}): void {
  const entry = entries.get(id)
  if (entry) {
    if (entry.leaving) clearTimeout(entry.leaving)
    entry.leaving = null
    entry.connections++
    Object.assign(entry, { name, ...card })
    return
  }
  entries.set(id, { id, name, ...card, connections: 1, leaving: null })
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
