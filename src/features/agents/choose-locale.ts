import { eq } from 'drizzle-orm'
import { write } from '../../platform/db/write.ts'
import type { Locale } from '../../platform/lib/i18n.ts'
import { agents } from './schema.ts'

/** The language of an agent's console; null follows the browser. */
export const chooseOwnLocale = (agentId: string, locale: Locale | null): Promise<void> =>
  write(async (tx) => {
    await tx.update(agents).set({ locale }).where(eq(agents.id, agentId))
  })
