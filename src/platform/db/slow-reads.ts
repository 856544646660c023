import { log } from '../lib/log.ts'
import { dirname, join } from 'node:path'
import { type Db, executorOf, openReadOnly } from './executor.ts'
import { SearchFile } from './search/search-file.ts'
import type { SearchIndex } from './search/search-index.ts'

/**
 * A read too slow for the event loop. On SQLite it runs in the Worker, on a read-only handle of its own. What it may write is
 * the search index, which is the Worker's alone there.
 */
export type SlowRead<A, R> = { readonly name: string; run(db: Db, args: A, index: SearchIndex): Promise<R> | R }

type Request = { id: number; name: string; args: unknown }
type Answer = { id: number; value?: unknown; error?: string }
type Pending = { resolve(value: unknown): void; reject(error: Error): void }

let source: { path: string; script: URL } | { db: Db; index: SearchIndex } | null = null
let worker: Worker | null = null
let nextId = 1
const pending = new Map<number, Pending>()

/** Names the file that slow reads read and the script of the Worker, which starts at the first slow read. */
export function prepareSlowReads(path: string, script: URL): void {
  source = { path, script }
}

/** On PostgreSQL another process does the reading: nothing to keep off the event loop. */
export function readSlowlyFrom(db: Db, index: SearchIndex): void {
  source = { db, index }
}

export function stopSlowReads(): void {
  worker?.terminate()
  worker = null
  source = null
  failPending(new Error('the store is closing'))
}

/** Runs a slow read in the Worker. `args` and the result must survive structured cloning. */
export async function slowRead<A, R>(read: SlowRead<A, R>, args: A): Promise<R> {
  if (source && 'db' in source) return read.run(source.db, args, source.index)
  const to = (worker ??= startWorker())
  return new Promise<R>((resolve, reject) => {
    const id = nextId++
    pending.set(id, { resolve: resolve as (value: unknown) => void, reject })
    to.postMessage({ id, name: read.name, args } satisfies Request)
  })
}

function startWorker(): Worker {
  if (!source || 'db' in source) throw new Error('slow reads need an open store')
  const started = new Worker(source.script.href)
  started.postMessage({ path: source.path })
  started.addEventListener('message', ({ data }: MessageEvent<Answer>) => {
    const call = pending.get(data.id)
    pending.delete(data.id)
    if (data.error === undefined) call?.resolve(data.value)
    else call?.reject(new Error(data.error))
  })
  started.addEventListener('error', (event) => {
    log.error('the worker for slow reads failed', { error: event.message })
    worker = null
    failPending(new Error(event.message))
  })
  // Bun's own: an idle Worker does not keep the process alive.
  ;(started as unknown as { unref(): void }).unref()
  return started
}

function failPending(error: Error): void {
  for (const call of pending.values()) call.reject(error)
  pending.clear()
}

/** The Worker's side: answers the named reads. Called once, by the Worker's script. */
export function answerSlowReads(reads: readonly SlowRead<never, unknown>[]): void {
  const byName = new Map(reads.map((read) => [read.name, read]))
  let store: { db: Db; index: SearchIndex } | null = null
  // One after another: what a read writes into the index is seen by the next.
  let turn = Promise.resolve()
  self.addEventListener('message', ({ data }: MessageEvent<Request | { path: string }>) => {
    if ('path' in data) {
      const index = new SearchFile(join(dirname(data.path), searchFileName))
      store = { db: executorOf(openReadOnly(data.path)), index }
    } else {
      const { name } = data
      turn = turn.then(async () => self.postMessage(await answer(store, byName.get(name), data)))
    }
  })
}

/** The index beside the database, in the data folder. */
export const searchFileName = 'search.db'

async function answer(
  store: { db: Db; index: SearchIndex } | null,
  read: SlowRead<never, unknown> | undefined,
  { id, name, args }: Request,
): Promise<Answer> {
  try {
    if (!store || !read) throw new Error(`no slow read is called ${name}`)
    return { id, value: await read.run(store.db, args as never, store.index) }
  } catch (error) {
    return { id, error: String(error) }
  }
}
