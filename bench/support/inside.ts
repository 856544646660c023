/** The way to bench/probes/inside.ts, which is loaded into a measured server. */
import { join } from 'node:path'
import type { Summary } from './stats.ts'
import type { StartOptions } from './servers.ts'

export type Insight = {
  lagMs: Summary
  slowReads: { running: boolean; done: number; meanMs: number; failed: string }
}

/** Bytes after a forced collection: what the process holds, and what of it is JavaScript's. */
export type Memory = { rssBytes: number; heapBytes: number; objects: Record<string, number> }

export type Inside = {
  options: StartOptions
  /** Begins to count anew. */
  reset(): Promise<void>
  look(): Promise<Insight>
  collected(): Promise<Memory>
  readSlowly(folder: string): Promise<void>
}

/** Start a server with `options`, then ask. */
export function insideServer(): Inside {
  const name = `kontuar-inside-${crypto.randomUUID()}`
  const ask = async <T>(path: string, method = 'GET'): Promise<T> => {
    const answer = await fetch(`http://inside${path}`, { method, unix: `\0${name}` })
    if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`)
    return (await answer.json()) as T
  }
  return {
    options: { env: { BENCH_INSIDE: name }, preload: join(import.meta.dir, '../probes/inside.ts') },
    reset: async () => void (await ask('/reset', 'POST')),
    look: () => ask<Insight>('/'),
    collected: () => ask<Memory>('/collected', 'POST'),
    readSlowly: async (folder) => void (await ask(`/slow-read?folder=${encodeURIComponent(folder)}`, 'POST')),
  }
}
