import { and, asc, desc, eq, isNull } from 'drizzle-orm'
import type { Executor } from '../../platform/db/executor.ts'
import { db } from '../../platform/db/open.ts'
import { type AddressRow, contactAddresses } from './schema.ts'

/** All addresses of a contact that hold, the main one first, then in the order in which they became known. */
export const addressesOf = async (contactId: string, executor: Executor = db): Promise<AddressRow[]> =>
  executor
    .select()
    .from(contactAddresses)
    .where(and(eq(contactAddresses.contactId, contactId), isNull(contactAddresses.removedAt)))
    .orderBy(desc(contactAddresses.main), asc(contactAddresses.createdAt), asc(contactAddresses.id))

/** The address with this id; null when there is none, or it is gone. */
export async function findAddress(id: string, executor: Executor = db): Promise<AddressRow | null> {
  const [address] = await executor.select().from(contactAddresses).where(eq(contactAddresses.id, id))
  return address && address.removedAt === null ? address : null
}

/** The main address of a contact; the first that became known where none is said to be. */
export const mainAddressOf = async (contactId: string, executor: Executor = db): Promise<AddressRow | null> =>
  (await addressesOf(contactId, executor))[0] ?? null
