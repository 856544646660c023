import type { Executor } from './executor.ts'

/**
 * A query of a hot path, prepared once for each executor it runs on:
 * `const bySeq = prepared((x) => x.select()....prepare())`, then `await bySeq(tx).execute({ seq })`.
 * Bound to its executor on purpose: a query prepared elsewhere would run outside the transaction and survive its rollback.
 */
export function prepared<Q>(build: (executor: Executor) => Q): (executor: Executor) => Q {
  const made = new WeakMap<Executor, Q>()
  return (executor) => {
    let query = made.get(executor)
    if (query === undefined) {
      query = build(executor)
      made.set(executor, query)
    }
    return query
  }
}
