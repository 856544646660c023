import type { ToFrame } from './port.ts'
import { readJson, writeJson } from './plain-json.ts'
import type { Pending } from './protocol.ts'

/** The little of the shop page's window that keeping needs. */
export type Host = {
  localStorage: Storage
  sessionStorage: Storage
  navigator: { locks?: LockManager }
  setTimeout: (run: () => void, ms: number) => unknown
}

const isPendingName = (name: string) => name.startsWith('pending:')
const idAt = 'pending:'.length + 16 + 1

export type Vault = ReturnType<typeof openVault>

/**
 * Token, pending messages, draft and read mark of one site, in the shop page's storage; in memory where that throws or is
 * full. Nothing is written until one of the writing calls is made, and those come only after the visitor has acted.
 */
export function openVault(host: Host, siteId: string) {
  const prefix = `kontuar:${siteId}:`
  const memory = new Map<string, string>()
  let closed = false

  // Reaching for the storage may throw by itself (blocked, sandboxed, private).
  function attempt<T>(area: 'localStorage' | 'sessionStorage', use: (storage: Storage) => T): T | undefined {
    try {
      return closed ? undefined : use(host[area])
    } catch {
      return undefined
    }
  }

  const get = (name: string) =>
    memory.get(name) ?? attempt('localStorage', (storage) => storage.getItem(prefix + name)) ?? null

  /** Answers whether the value is on disk; in memory it is in any case. */
  function put(name: string, value: string): boolean {
    const kept = attempt('localStorage', (storage) => {
      storage.setItem(prefix + name, value)
      return true
    })
    if (kept) memory.delete(name)
    else memory.set(name, value)
    return kept === true
  }

  function remove(name: string) {
    memory.delete(name)
    attempt('localStorage', (storage) => storage.removeItem(prefix + name))
  }

  function names(): string[] {
    const found = new Set<string>(memory.keys())
    attempt('localStorage', (storage) => {
      for (let at = 0; at < storage.length; at++) {
        const key = storage.key(at)
        if (key?.startsWith(prefix)) found.add(key.slice(prefix.length))
      }
    })
    return [...found]
  }

  /** Pending messages of every tab, in the order in which they were written. */
  function items(): Pending[] {
    return names()
      .filter(isPendingName)
      .map((name) => readPending(get(name)))
      .filter((item) => item !== null)
      .sort(inOrder)
  }

  // One key a message, so that two tabs never overwrite each other's queue.
  const nameOf = (item: Pending) => `pending:${`${item.order}`.padStart(16, '0')}-${item.clientId}`

  /** A place after everything that waits, whatever the clock did meanwhile. */
  const nextOrder = (now: number) => Math.max(now, (items().at(-1)?.order ?? 0) + 1)

  function drop(clientId: string) {
    for (const name of names()) if (isPendingName(name) && name.slice(idAt) === clientId) remove(name)
  }

  /**
   * Check and set: stores `token` only if the stored one is still `was`, and answers the one that stands, so that two tabs
   * that began at the same time go on as one visitor.
   */
  async function adoptToken(token: string, was: string | null): Promise<string> {
    const checkAndSet = () => {
      const stored = get('token')
      if (stored && stored !== was) return stored
      put('token', token)
      return token
    }
    if (host.navigator.locks) {
      try {
        return await host.navigator.locks.request(`${prefix}token`, checkAndSet)
      } catch {
        // a sandboxed page has the locks but may not use them
      }
    }
    checkAndSet()
    // Without locks another tab may have written in the same moment; whoever wrote last has won.
    await new Promise<void>((settled) => host.setTimeout(settled, 150))
    return get('token') ?? token
  }

  function readDraft(): string {
    return attempt('sessionStorage', (storage) => storage.getItem(`${prefix}draft`)) ?? get('draft') ?? ''
  }

  // In both: the session's copy is this tab's own, the other one outlives the tab.
  function writeDraft(text: string) {
    if (text) {
      put('draft', text)
      attempt('sessionStorage', (storage) => storage.setItem(`${prefix}draft`, text))
      return
    }
    const own = readDraft()
    attempt('sessionStorage', (storage) => storage.removeItem(`${prefix}draft`))
    if (get('draft') === own) remove('draft')
  }

  /** What another tab did, as the frame is told it; null when it is none of ours. */
  function changeOf(event: Pick<StorageEvent, 'key' | 'newValue' | 'oldValue'>): ToFrame | null {
    const { key, newValue, oldValue } = event
    if (!key?.startsWith(prefix)) return null
    const name = key.slice(prefix.length)
    if (name === 'token') return newValue ? { type: 'token', token: newValue } : null
    if (name === 'draft') return { type: 'draft', text: newValue ?? '', was: oldValue ?? '' }
    if (name === 'read') return { type: 'read', seq: Number(newValue) }
    if (name === 'wishes') return { type: 'wishes', wishes: newValue ?? '' }
    if (!isPendingName(name)) return null
    const item = readPending(newValue)
    return item ? { type: 'item', item, kept: true } : { type: 'removed', clientId: name.slice(idAt) }
  }

  return {
    token: () => get('token'),
    adoptToken,
    items,
    nextOrder,
    keep: (item: Pending) => put(nameOf(item), writeJson(item)),
    /** Whether it is on disk, and not in this page's memory alone. */
    isKept: (item: Pending) => !memory.has(nameOf(item)),
    drop,
    readDraft,
    writeDraft,
    readMark: () => Number(get('read')) || 0,
    writeMark: (seq: number) => void put('read', String(seq)),
    readWishes: () => get('wishes') ?? '',
    writeWishes: (wishes: string) => void put('wishes', wishes),
    changeOf,
    lockName: `${prefix}drain`,
    /** Nothing is written from here on, whatever is still under way. */
    close() {
      closed = true
      memory.clear()
    },
  }
}

export const inOrder = (one: Pending, other: Pending) =>
  one.order - other.order || (one.clientId < other.clientId ? -1 : one.clientId > other.clientId ? 1 : 0)

function readPending(value: string | null): Pending | null {
  try {
    const item: unknown = readJson(value ?? 'null')
    return isPending(item) ? item : null
  } catch {
    return null
  }
}

function isPending(item: unknown): item is Pending {
  if (typeof item !== 'object' || item === null) return false
  const { clientId, body, order } = item as Partial<Pending>
  return typeof clientId === 'string' && typeof body === 'string' && typeof order === 'number'
}
