/**
 * With which code something is refused; null when it is not. Not `expect(work).rejects`: that keeps the event loop, and
 * with it SQLite's writer, waiting for half a second.
 */
export const refusalOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => null,
    (error: { code?: string }) => error.code ?? error,
  )
