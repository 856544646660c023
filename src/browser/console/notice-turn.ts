import { keep, kept } from './keep.ts'

// Every window of an agent hears of the same message; one of them rings. The one in front decides, which says by a lock that
// it is in front: a lock goes with its window, whatever becomes of it. Of windows behind, whoever asks first.
const inFront = 'kontuar:in-front'
const stillMs = 10_000

let letGo: (() => void) | null = null

export function startTurns(): void {
  window.addEventListener('focus', hold)
  window.addEventListener('blur', release)
  hold()
}

function hold(): void {
  if (letGo || !navigator.locks || !document.hasFocus()) return
  const until = new Promise<void>((done) => {
    letGo = done
  })
  void navigator.locks.request(inFront, { mode: 'shared' }, () => until).catch(() => undefined)
}

function release(): void {
  letGo?.()
  letGo = null
}

/** Whether it is this window that rings for a message, of which `key` is the name. */
export async function isMyTurn(key: string): Promise<boolean> {
  if (!navigator.locks) return isFirst(key)
  if (!document.hasFocus()) {
    const { held } = await navigator.locks.query()
    if (held?.some(({ name }) => name === inFront)) return false
  }
  return new Promise((answer) => {
    const taken = async (lock: Lock | null) => {
      answer(lock !== null)
      if (lock) await new Promise((done) => setTimeout(done, stillMs))
    }
    navigator.locks.request(`kontuar:notice:${key}`, { ifAvailable: true }, taken).catch(() => answer(true))
  })
}

/** Plain http has no locks: the storage that windows share must do. */
function isFirst(key: string): boolean {
  const name = 'kontuar:noticed'
  if (kept(name) === key) return false
  keep(name, key)
  return true
}
