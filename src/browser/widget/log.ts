import type { Entries, Entry } from './protocol.ts'

/**
 * What this reader knows of one conversation. Everything visible up to `watermark` is in `entries`; nothing above it is.
 * A visitor may not see every entry, so holes in seq are normal: `after` and `from`/`to` say what is missing.
 */
export type Log = { watermark: number; highest: number; entries: Entry[] }

export const emptyLog = (): Log => ({ watermark: 0, highest: 0, entries: [] })

/** Takes a live entry. Answers false when there is a hole before it: then ask `since` the watermark. */
export function takeEntry(log: Log, entry: Entry): boolean {
  log.highest = Math.max(log.highest, entry.seq)
  if (entry.seq <= log.watermark) return true
  if (entry.after > log.watermark) return false
  log.entries.push(entry)
  log.watermark = entry.seq
  return true
}

/** Takes a page of the log. Answers false when something visible is still missing: then ask `since` the watermark. */
export function takeEntries(log: Log, page: Entries): boolean {
  if (page.from > log.watermark) return false
  for (const entry of page.items) {
    if (entry.seq <= log.watermark) continue
    log.entries.push(entry)
    log.watermark = entry.seq
  }
  log.watermark = Math.max(log.watermark, page.to)
  // A live entry may have overtaken this page; it was not kept, so it must be asked for.
  return !page.more && log.highest <= log.watermark
}
