/** A server that has not answered. Counts as a lost connection. */
export class NoAnswer extends Error {
  readonly code = 'ERR_POSTGRES_NO_ANSWER'
}

/** What `work` comes to, or `NoAnswer` after so long. The work itself goes on: whoever gives it up closes its connection. */
export async function withinMs<T>(ms: number, work: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new NoAnswer('the database did not answer in time')), ms)
  try {
    return await Promise.race([work, late.promise])
  } finally {
    clearTimeout(timer)
  }
}
