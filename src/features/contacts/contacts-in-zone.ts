import { eq } from 'drizzle-orm'
import type { Executor } from '../../platform/db/executor.ts'
import { contactAddresses } from './schema.ts'

/** Everybody who has an address in a zone. */
export async function contactsWithAddressIn(zoneId: string, executor: Executor): Promise<string[]> {
  const found = await executor
    .selectDistinct({ id: contactAddresses.contactId })
    .from(contactAddresses)
    .where(eq(contactAddresses.zoneId, zoneId))
  return found.map(({ id }) => id)
}
