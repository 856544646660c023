import { on } from '../../src/platform/live/bus.ts'

/** What listeners are told, and in which order. */
export type Told = {
  /** Waits until what is committed is told; what was wrong with the order since the last time. */
  faults(): Promise<string[]>
}

export const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

/** Listens from now on: each entry must be told after the one before it, and each mark be higher than the last. */
export function listen(): Told {
  const entries = new Map<string, number>()
  const marks = new Map<string, number>()
  let faults: string[] = []
  on('entry.added', ({ message: { conversationId, seq } }) => {
    const before = entries.get(conversationId) ?? 0
    if (seq !== before + 1) faults.push(`entry ${seq} was told of after ${before}`)
    entries.set(conversationId, seq)
  })
  on('read.marked', ({ conversationId, readerId, seq }) => {
    const before = marks.get(`${conversationId} ${readerId}`) ?? 0
    if (seq <= before) faults.push(`a mark at ${seq} was told of after ${before}`)
    marks.set(`${conversationId} ${readerId}`, seq)
  })
  on('marks.lowered', ({ agentId, conversationIds }) => {
    for (const id of conversationIds) marks.delete(`${id} ${agentId}`)
  })
  return {
    async faults() {
      for (let n = 0; n < 3; n++) await turn()
      const found = faults
      faults = []
      entries.clear()
      marks.clear()
      return found
    },
  }
}
