import { and, eq, ne } from 'drizzle-orm'
import type { Tx } from '../../platform/db/executor.ts'
import { now } from '../../platform/lib/clock.ts'
import { newId } from '../../platform/lib/id.ts'
import { type AddressRow, contactAddresses } from './schema.ts'

export type AddressValues = Pick<AddressRow, 'address' | 'zoneId' | 'district' | 'note' | 'main' | 'externalId'>

/** Adds an address to a contact who was locked, as part of another change. A main one is the only main one from then on. */
export async function keepAddress(
  tx: Tx,
  contactId: string,
  told: Partial<AddressValues> & { address: string },
): Promise<AddressRow> {
  const at = now()
  const address: AddressRow = {
    ...{ id: newId(), contactId, externalId: null, zoneId: null, district: null, note: null, main: false },
    ...{ ...told, createdAt: at, changedAt: at, removedAt: null },
  }
  await tx.insert(contactAddresses).values(address)
  if (address.main) await noOtherMain(tx, address)
  return address
}

/** Changes an address of a contact who was locked. What is as wanted stays; `changed` says whether anything was not. */
export async function changeAddress(
  tx: Tx,
  before: AddressRow,
  change: Partial<AddressValues> & { removedAt?: number | null },
): Promise<{ address: AddressRow; changed: boolean }> {
  const after: AddressRow = { ...before, ...change }
  if (Bun.deepEquals(after, before)) return { address: before, changed: false }
  const changedAt = Math.max(now(), before.changedAt + 1)
  await tx
    .update(contactAddresses)
    .set({ ...change, changedAt })
    .where(eq(contactAddresses.id, before.id))
  if (after.main && !before.main) await noOtherMain(tx, after)
  return { address: { ...after, changedAt }, changed: true }
}

async function noOtherMain(tx: Tx, { id, contactId }: AddressRow): Promise<void> {
  const others = and(
    eq(contactAddresses.contactId, contactId),
    ne(contactAddresses.id, id),
    eq(contactAddresses.main, true),
  )
  await tx.update(contactAddresses).set({ main: false }).where(others)
}
