import { eq } from 'drizzle-orm'
import { write } from '../../platform/db/write.ts'
import { agents, type ThemeChoice } from './schema.ts'

/** How the console looks to an agent, in every browser of theirs; null follows the system. */
export const chooseOwnTheme = (agentId: string, theme: ThemeChoice | null): Promise<void> =>
  write(async (tx) => {
    await tx.update(agents).set({ theme }).where(eq(agents.id, agentId))
  })
