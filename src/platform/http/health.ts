import { Elysia } from 'elysia'
import { freeBytes, probeWrite } from '../db/open.ts'
import { storeState } from '../db/state.ts'
import { oldestDueAgeMs } from '../jobs/outbox.ts'
import { Refusal } from '../lib/refuse.ts'

export type Readiness = {
  ready: boolean
  /** Why not, as codes: a refusal of the store, `write_slow`, `disk_full`, `outbox_stuck`. */
  reasons: string[]
  writeMs: number
  freeBytes: number
  outboxAgeMs: number
}

const probeTimeoutMs = 5000
const minFreeBytes = 1024 * 1024
// A failed try puts its row off, so a row this long overdue means that nobody works on the outbox at all.
const maxOutboxAgeMs = 5 * 60_000

/** `/healthz`: the process answers. `/readyz`: it can keep a message now; 503 says why not. */
export function health() {
  return new Elysia({ name: 'health' })
    .get('/healthz', ({ set }) => {
      set.headers['cache-control'] = 'no-store'
      return { status: 'ok' }
    })
    .get('/readyz', async ({ set }) => {
      const found = await readiness()
      set.headers['cache-control'] = 'no-store'
      set.status = found.ready ? 200 : 503
      return found
    })
}

const shareForMs = 250
let shared: { at: number; readiness: Promise<Readiness> } | null = null

/** Anybody may ask, and an answer costs an fsync: those who ask at about the same time share one. */
export function readiness(): Promise<Readiness> {
  if (!shared || performance.now() - shared.at > shareForMs) {
    shared = { at: performance.now(), readiness: checkReadiness() }
  }
  return shared.readiness
}

async function checkReadiness(): Promise<Readiness> {
  const startedAt = performance.now()
  const [refused, free, outboxAgeMs] = await Promise.all([tryWrite(), freeBytes(), inTime(oldestDueAgeMs(), 0)])
  const { mode } = storeState()
  const reasons = [
    ...(refused ? [refused] : []),
    ...(mode === 'damaged' && refused !== 'storage_damaged' ? ['storage_damaged'] : []),
    ...(free < minFreeBytes ? ['disk_full'] : []),
    ...(outboxAgeMs > maxOutboxAgeMs ? ['outbox_stuck'] : []),
  ]
  const writeMs = Math.round(performance.now() - startedAt)
  return { ready: reasons.length === 0, reasons, writeMs, freeBytes: free, outboxAgeMs }
}

/** Why a row cannot be written now; null when it was. */
function tryWrite(): Promise<string | null> {
  const probe = probeWrite().then(
    () => null,
    (error: unknown) => (error instanceof Refusal ? error.code : 'write_failed'),
  )
  return inTime(probe, 'write_slow')
}

/** What `work` comes to; `otherwise` when it fails or takes too long. */
async function inTime<T, O>(work: Promise<T>, otherwise: O): Promise<T | O> {
  const late = Promise.withResolvers<O>()
  const timer = setTimeout(() => late.resolve(otherwise), probeTimeoutMs)
  try {
    return await Promise.race([work, late.promise])
  } catch {
    return otherwise
  } finally {
    clearTimeout(timer)
  }
}
