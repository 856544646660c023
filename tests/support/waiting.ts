import { expect } from 'bun:test'
import { listFolder } from '../../src/features/conversations/index.ts'

/** Asks again until the answer is the wanted one; fails with the last answer after twenty seconds. */
export async function eventually(ask: () => unknown, wanted: unknown): Promise<void> {
  const giveUpAt = performance.now() + 20_000
  for (;;) {
    const answer = await Promise.resolve(ask()).catch((error: unknown) => error)
    if (Bun.deepEquals(answer, wanted)) return
    if (performance.now() > giveUpAt) return expect(answer).toEqual(wanted)
    await Bun.sleep(20)
  }
}

/** The waiting conversation whose last message is `text`, once it has come to the store. */
export async function conversationWith(text: string, agentId: string) {
  const find = async () =>
    (await listFolder({ folder: 'waiting', agentId, limit: 100 })).find(({ lastText }) => lastText === text)
  await eventually(async () => (await find()) !== undefined, true)
  const row = await find()
  if (!row) throw new Error('the conversation has gone')
  return row
}
