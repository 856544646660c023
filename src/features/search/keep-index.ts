import { countDistinct } from 'drizzle-orm'
import { db } from '../../platform/db/open.ts'
import { storeState } from '../../platform/db/state.ts'
import { slowRead } from '../../platform/db/slow-reads.ts'
import { write } from '../../platform/db/write.ts'
import { newId } from '../../platform/lib/id.ts'
import { log } from '../../platform/lib/log.ts'
import { on } from '../../platform/live/bus.ts'
import { conversations } from '../conversations/index.ts'
import { keepSetting, readSetting } from '../settings/index.ts'
import { conversationsAtOnce, type Indexed, indexLogs, type ToIndex } from './index-logs.ts'

const settingKey = 'search.store'
/** Goes up when words are compared in another way than before: the index is made anew then. */
const wayOfWords = 1
// A start has more urgent things to do. Whoever looks for something sooner has it begun at once.
const beginAfterMs = 10_000
const collectMs = 250
const afterFaultMs = 2000

/** How much of what was said before can be found by now. */
export type SearchProgress = { isWhole: boolean; percent: number }

type Keeping = {
  changed: Set<string>
  timer: Timer | null
  running: Promise<void> | null
  progress: SearchProgress
  mark: string
  /** Since when everything is being looked through; null: it was not begun. */
  beganAt: number | null
}
let keeping: Keeping | null = null

/** Keeps the index true to what is said, in the Worker, from a while after the start on. Returns the way to stop. */
export function keepIndex(afterMs: number = beginAfterMs): () => void {
  const mine: Keeping = {
    changed: new Set(),
    timer: null,
    running: null,
    progress: { isWhole: false, percent: 0 },
    mark: '',
    beganAt: null,
  }
  keeping = mine
  on('entry.added', ({ conversation }) => {
    // Before the first look through everything there is nothing to remember: it will come past.
    if (mine.running === null && mine.mark === '') return
    mine.changed.add(conversation.id)
    // From the first of them on: where somebody always writes there is no pause to wait for.
    if (mine.timer === null) wake(mine, collectMs)
  })
  wake(mine, afterMs)
  return () => {
    if (mine.timer) clearTimeout(mine.timer)
    if (keeping === mine) keeping = null
  }
}

// A small shop's messages are in by then: whoever asks first gets the whole answer.
const waitForFirstMs = 1500

/** The name of this store's index, which is begun if it was not yet. */
export async function indexToSearch(): Promise<{ mark: string; progress: SearchProgress }> {
  const mine = keeping
  if (mine && !mine.progress.isWhole && mine.running === null) wake(mine, 0)
  const began = mine?.beganAt ?? performance.now()
  while (mine && !mine.progress.isWhole && performance.now() < began + waitForFirstMs) await Bun.sleep(20)
  return { mark: await markOfStore(), progress: mine?.progress ?? { isWhole: false, percent: 0 } }
}

/** The index did not answer, and may be a new one by now: everything is looked through again, past what is in it. */
export function doubtIndex(): void {
  if (keeping === null) return
  keeping.progress = { isWhole: false, percent: 0 }
  if (keeping.running === null) wake(keeping, 0)
}

function wake(mine: Keeping, afterMs: number): void {
  if (mine.timer) clearTimeout(mine.timer)
  mine.timer = setTimeout(() => {
    mine.timer = null
    if (keeping === mine) mine.running ??= run(mine).finally(() => rest(mine))
  }, afterMs)
  mine.timer.unref()
}

/** Something may have been said while the last of it was taken in. */
function rest(mine: Keeping): void {
  mine.running = null
  if (mine.changed.size > 0 && mine.timer === null && keeping === mine) wake(mine, collectMs)
}

async function run(mine: Keeping): Promise<void> {
  mine.beganAt ??= performance.now()
  try {
    mine.mark = await markOfStore()
    if (!mine.progress.isWhole) await takeInAll(mine)
    await takeInChanged(mine)
  } catch (error) {
    if (keeping !== mine) return
    if (storeState().mode === 'ok') log.warn('the search index could not be kept; it is tried again', { error })
    // Whatever was missed is found by looking through everything.
    mine.progress = { isWhole: false, percent: mine.progress.percent }
    setTimeout(() => keeping === mine && wake(mine, 0), afterFaultMs).unref()
  }
}

/** Everything from the newest on, past what is in the index already. */
async function takeInAll(mine: Keeping): Promise<void> {
  const total = await countConversations()
  let passed = 0
  let entries = 0
  let left: ToIndex | null = { mark: mine.mark, before: null }
  while (left !== null && keeping === mine) {
    const done: Indexed = await slowRead(indexLogs, left)
    entries += done.entries
    if (!Bun.deepEquals(done.left, left)) passed += conversationsAtOnce
    mine.progress = { isWhole: false, percent: Math.min(99, Math.floor((100 * passed) / Math.max(1, total))) }
    left = done.left
    // Those who wait for an answer come first.
    await takeInChanged(mine)
  }
  mine.progress = { isWhole: true, percent: 100 }
  if (entries > 10_000) log.info('older messages can be searched now', { messages: entries })
}

/** What changed up to now. What changes meanwhile waits for the next time: a few at once cost far less than each by itself. */
async function takeInChanged(mine: Keeping): Promise<void> {
  const ids = [...mine.changed]
  mine.changed.clear()
  let left: ToIndex | null = ids.length > 0 ? { mark: mine.mark, ids } : null
  while (left !== null && keeping === mine) left = (await slowRead(indexLogs, left)).left
}

async function countConversations(): Promise<number> {
  const [row] = await db.select({ n: countDistinct(conversations.id) }).from(conversations)
  return Number(row?.n ?? 0)
}

let known: { db: unknown; mark: Promise<string> } | null = null

/** What tells this store's index from another's, and from one that was made by other rules. */
function markOfStore(): Promise<string> {
  if (known?.db !== db) known = { db, mark: findMark() }
  const { mark } = known
  mark.catch(() => (known = null))
  return mark
}

async function findMark(): Promise<string> {
  const id = (await readSetting<string>(settingKey)) ?? (await write(keepMark))
  return `${id} ${wayOfWords}`
}

async function keepMark(tx: Parameters<typeof keepSetting>[0]): Promise<string> {
  const there = await readSetting<string>(settingKey, tx)
  const id = there ?? newId()
  if (there === null) await keepSetting(tx, settingKey, id)
  return id
}
