const settlesWithinMs = 10_000

/** Looks until it is so; false when it is not in time. */
export async function until(isSo: () => boolean | Promise<boolean>, withinMs = settlesWithinMs): Promise<boolean> {
  const deadline = performance.now() + withinMs
  while (!(await isSo())) {
    if (performance.now() > deadline) return false
    await Bun.sleep(10)
  }
  return true
}

/** Asks until it says `expected`, or for the last time: one answer is shared by all who ask at about the same time. */
export async function readyzSays(expected: number, server: string, withinMs = 3000): Promise<number> {
  const deadline = performance.now() + withinMs
  let status = await readyz(server)
  while (status !== expected && performance.now() < deadline) {
    await Bun.sleep(50)
    status = await readyz(server)
  }
  return status
}

async function readyz(server: string): Promise<number> {
  const answer = await fetch(`${server}/readyz`, { signal: AbortSignal.timeout(3000) }).catch(() => null)
  return answer?.status ?? 0
}
