import { createAgent } from '../../src/features/agents/index.ts'
import { closeStore, openStore } from '../../src/platform/db/open.ts'

export const agentEmail = (number: number): string => `agent${number}@bench.example`
export const agentPassword = 'correct horse battery staple'

/** Agents through their own door, before the server opens the folder: real hashes, so that signing in is real too. */
export async function seedAgents(folder: string, count: number): Promise<void> {
  await openStore(folder)
  try {
    for (let index = 0; index < count; index += 8) {
      const numbers = Array.from({ length: Math.min(8, count - index) }, (_, offset) => index + offset)
      await Promise.all(
        numbers.map((number) =>
          createAgent({
            email: agentEmail(number),
            name: `Agent ${number}`,
            role: number === 0 ? 'owner' : 'agent',
            password: agentPassword,
          }),
        ),
      )
    }
  } finally {
    await closeStore()
  }
}
