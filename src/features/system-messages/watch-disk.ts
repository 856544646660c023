import { freeBytes } from '../../platform/db/open.ts'
import { onStoreState, type StoreState } from '../../platform/db/state.ts'
import { log } from '../../platform/lib/log.ts'
import { endTold } from './end-told.ts'
import { isTold } from './is-told.ts'
import { tellAgents } from './tell-agents.ts'

const lookEveryMs = 60_000
/** Little enough to tell of it; past `enoughBytes` it is over. */
const littleBytes = 512 * 1024 * 1024
const enoughBytes = 768 * 1024 * 1024
const megabyte = 1024 * 1024

export const diskKeys = { low: 'disk:low', trouble: 'disk:trouble' } as const
const codes = { full: 'disk_full', failed: 'disk_failed', damaged: 'disk_damaged' } as const

/**
 * Tells agents of a disk that runs short, while it does; and of one that took no writes, once it takes them again, since
 * nothing can be kept before. Returns the way to stop.
 */
export function watchDisk(free: () => Promise<number> = freeBytes): () => void {
  let trouble: Exclude<StoreState['mode'], 'ok'> | null = null
  const stop = onStoreState(({ mode }) => {
    if (mode !== 'ok') trouble = mode
    else if (trouble !== null) {
      void quietly(tellOfTrouble(trouble))
      trouble = null
    }
  })
  const timer = setInterval(() => void quietly(lookAtDisk(free)), lookEveryMs)
  timer.unref()
  void quietly(lookAtDisk(free))
  return () => {
    stop()
    clearInterval(timer)
  }
}

async function tellOfTrouble(mode: keyof typeof codes): Promise<void> {
  await tellAgents({ kind: 'disk', code: codes[mode], key: diskKeys.trouble })
  await endTold([diskKeys.trouble])
}

/** Tells once that there is little room, and that it is over once there is enough. */
export async function lookAtDisk(free: () => Promise<number>): Promise<void> {
  const bytes = await free()
  if (bytes < littleBytes) {
    const values = { megabytes: Math.floor(bytes / megabyte) }
    await tellAgents({ kind: 'disk', code: 'disk_low', values, key: diskKeys.low })
  } else if (bytes >= enoughBytes && (await isTold(diskKeys.low))) await endTold([diskKeys.low])
}

const quietly = (work: Promise<unknown>): Promise<unknown> =>
  work.catch((error: unknown) => log.warn('agents could not be told of the disk', { error }))
