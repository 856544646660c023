import type { Tx } from '../../platform/db/executor.ts'
import { now } from '../../platform/lib/clock.ts'
import { everyAddressOf } from './contact-to-change.ts'
import { type AddressValues, changeAddress, keepAddress } from './keep-address.ts'
import type { AddressRow } from './schema.ts'

/** An address as the shop tells it, with the zone found. Without `address` only for one that is there. */
export type FoundAddress = Partial<AddressValues> & { externalId: string; address?: string }

/**
 * Makes these the addresses that the shop tells of a contact who was locked: the others of its own are gone, those that were
 * written by hand stay. Where nobody says which is the main one, it stays what it was, or is the first. Answers whether
 * anything changed.
 */
export async function feedAddresses(tx: Tx, contactId: string, told: FoundAddress[]): Promise<boolean> {
  const before = await everyAddressOf(tx, contactId)
  const names = told.map(({ externalId }) => externalId)
  const gone = before.filter(
    ({ externalId, removedAt }) => externalId !== null && removedAt === null && !names.includes(externalId),
  )
  let changed = false
  for (const address of gone) changed = (await changeAddress(tx, address, gonefrom(now()))).changed || changed
  const kept = before.filter((one) => one.removedAt === null && !gone.includes(one))
  const noMain = !kept.some(({ main }) => main) && !told.some(({ main }) => main)
  for (const [place, one] of told.entries()) {
    const main = noMain && place === 0 && one.main === undefined ? { main: true } : {}
    changed = (await feedAddress(tx, contactId, { ...one, ...main }, before)).changed || changed
  }
  return changed
}

const gonefrom = (removedAt: number) => ({ removedAt, main: false })

/** Adds or changes one address of the shop's own; brings it back where it was gone. */
export async function feedAddress(
  tx: Tx,
  contactId: string,
  told: FoundAddress,
  known: readonly AddressRow[],
): Promise<{ address: AddressRow; changed: boolean }> {
  const before = known.find(({ externalId }) => externalId === told.externalId)
  if (before) return changeAddress(tx, before, { ...told, removedAt: null })
  return { address: await keepAddress(tx, contactId, { ...told, address: told.address ?? '' }), changed: true }
}
