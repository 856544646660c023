import { type Among, type FolderCursor, waysInto } from '../conversations/index.ts'
import { lookThrough, mostCounted, type Unread, type UnreadFolder, unreadAmong } from './unread-query.ts'

const folders = ['active', 'waiting'] as const
/** How many conversations are looked through in one go; others have their turn before the next. */
const stretch = 500
/** How many are remembered: with more, the rest are found again once these have been read. */
const mostKnown = 1000

/** How far a folder was looked through: which of the ways into it, and how far along it. */
type Place = { way: number; after: FolderCursor | null }
const start: Place = { way: 0, after: null }

/**
 * What one agent has not read of what is meant, remembered so that asking costs nothing: the store is asked only for conversations of which
 * something was heard since, and a folder is looked through no further than to the hundredth, and once only by whoever has
 * read all of it. What is remembered comes from the store each time; what happens only says what to ask for again.
 */
export class UnreadBook {
  readonly agentId: string
  readonly #among: Among
  readonly #known = new Map<string, Omit<Unread, 'id'>>()
  /** Of which something was heard: asked for at the next look. */
  readonly #doubtful = new Set<string>()
  /** How far each folder has been looked through; null: to its end. */
  readonly #places = new Map<UnreadFolder, Place | null>(folders.map((folder) => [folder, start]))
  #turn: Promise<void> = Promise.resolve()
  #looking = false

  constructor(agentId: string, among: Among) {
    this.agentId = agentId
    this.#among = among
  }

  /** Something happened in a conversation. Returns of how many that is to be asked for. */
  changed(id: string): number {
    this.#doubtful.add(id)
    return this.#doubtful.size
  }

  /** The visitor of a conversation has written one more message. A look may have counted it before it was told. */
  said(id: string, seq: number): number {
    const known = this.#known.get(id)
    if (!known || this.#looking || this.#doubtful.has(id)) return this.changed(id)
    if (seq > known.upTo) known.unread = Math.min(mostCounted, known.unread + 1)
    return this.#doubtful.size
  }

  /** Makes it true as of now. One look at a time. */
  look(): Promise<void> {
    const turn = this.#turn.then(() => this.#look())
    this.#turn = turn.catch(() => undefined)
    return turn
  }

  unreadIn(id: string): number {
    return this.#known.get(id)?.unread ?? 0
  }

  /** The conversations of a folder that are known to have something unread. */
  knownIn(folder: UnreadFolder): string[] {
    return [...this.#known].flatMap(([id, one]) => (one.folder === folder ? [id] : []))
  }

  /** Whether all of a folder's are known. */
  isWhole(folder: UnreadFolder): boolean {
    return this.#places.get(folder) === null
  }

  async #look(): Promise<void> {
    // What was committed is told a turn later: whoever asks after it must be told of it.
    await turn()
    this.#looking = true
    try {
      await this.#ask()
      for (const folder of folders) await this.#lookOn(folder)
    } finally {
      this.#looking = false
    }
  }

  async #ask(): Promise<void> {
    const asked = [...this.#doubtful]
    this.#doubtful.clear()
    try {
      for (let at = 0; at < asked.length; at += stretch) await this.#askFor(asked.slice(at, at + stretch))
    } catch (error) {
      for (const id of asked) this.#doubtful.add(id)
      throw error
    }
  }

  async #askFor(ids: string[]): Promise<void> {
    const found = await unreadAmong(this.agentId, ids, this.#among)
    for (const id of ids) this.#known.delete(id)
    for (const one of found) this.#keep(one)
  }

  #keep({ id, ...one }: Unread): void {
    if (this.#known.size < mostKnown || this.#known.has(id)) this.#known.set(id, one)
    else this.#places.set(one.folder, start)
  }

  /** As far as the hundredth unread, or to the end. */
  async #lookOn(folder: UnreadFolder): Promise<void> {
    const ways = waysInto(folder, this.agentId, this.#among)
    for (;;) {
      const place = this.#places.get(folder) ?? null
      if (place === null || this.knownIn(folder).length >= mostCounted) return
      const way = ways[place.way]
      if (way === undefined) return void this.#places.set(folder, null)
      const { unread, next } = await lookThrough(this.agentId, folder, { way, after: place.after, limit: stretch })
      this.#places.set(folder, next === null ? nextWay(place, ways.length) : { ...place, after: next })
      await this.#askFor(unread.map(({ id }) => id))
      if (this.#places.get(folder) !== null) await turn()
    }
  }
}

const nextWay = ({ way }: Place, ways: number): Place | null => (way + 1 < ways ? { way: way + 1, after: null } : null)

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
