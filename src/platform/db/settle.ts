import { log } from '../lib/log.ts'
import { setStoreMode, storeState } from './state.ts'

/** A body that was asked for: how it is answered, what came of it, and what follows from it. */
export type Job<Outcome = unknown> = {
  resolve: (value: Outcome) => void
  reject: (error: unknown) => void
  outcome: { ok: true; value: Outcome } | { ok: false; error: unknown }
  reactions: (() => void)[]
  evenWhenFull: boolean
}

/** Answers the callers of bodies whose transaction has ended, and lets follow what follows from them. */
export function settle(jobs: Job[]): void {
  for (const job of jobs) answer(job)
  follow(jobs)
}

export function answer({ outcome, resolve, reject }: Job): void {
  if (outcome.ok) resolve(outcome.value)
  else reject(outcome.error)
}

/** One turn later, so that acknowledgements leave before anything is shown to others. Called in the order of the commits. */
export function follow(jobs: Job[]): void {
  const reactions = jobs.flatMap((job) => job.reactions)
  if (reactions.length > 0) setImmediate(react, reactions)
}

function react(reactions: (() => void)[]): void {
  for (const reaction of reactions) {
    try {
      reaction()
    } catch (error) {
      log.error('a reaction failed', { error })
    }
  }
}

/** A probe that reached the disk says that writing works again; a damaged file stays damaged. */
export function openAgainAfter(jobs: Job[]): void {
  const { mode } = storeState()
  if (mode !== 'ok' && mode !== 'damaged' && jobs.some((job) => job.evenWhenFull && job.outcome.ok)) setStoreMode('ok')
}
