import type { Tx } from '../../platform/db/executor.ts'
import { writeLocking } from '../../platform/db/write.ts'
import { now } from '../../platform/lib/clock.ts'
import { refuse } from '../../platform/lib/refuse.ts'
import {
  type AddressRow,
  changeAddress,
  contactToChange,
  everyAddressOf,
  keepAddress,
  keepHandEdit,
  readAddress,
} from '../contacts/index.ts'
import { findZone, zoneToChange } from '../zones/index.ts'
import { editOf, mustBeSeen, readTyped, type Typed, wrongField } from './hand-fields.ts'
import { settleZones } from './settle-zones.ts'
import { tell } from './tell.ts'

type Agent = { agentId: string }

/**
 * Writes an address of a contact by an agent's hand: a new one, or `addressId`. Refuses `not_found`, `fields_invalid`, and
 * `edited_meanwhile` when it is another version than the one they saw.
 */
export async function writeAddress(
  agent: Agent,
  contactId: string,
  addressId: string | null,
  typed: Typed,
): Promise<void> {
  const { zone, ...told } = readTyped({ ...typed, main: typed.main === 'on' }, [], readAddress)
  await writeLocking(async (tx) => {
    const before = await addressToWrite(tx, contactId, addressId)
    if (before) mustBeSeen(typed.version, before)
    const zoneId = zone ? ((await zoneToChange(tx, { id: zone })) ?? null) : null
    if (zone && zoneId?.removedAt !== null) throw wrongField('zone', 'unknown_reference')
    const { address = '', ...rest } = told
    if (address === '') throw wrongField('address', 'missing')
    // What is the main one goes on being that until another is.
    const values = { ...rest, address, zoneId: zoneId?.id ?? null, main: rest.main || before?.main || false }
    const after = before
      ? await changeAddress(tx, before, values)
      : { address: await keepAddress(tx, contactId, values), changed: true }
    if (after.changed) await afterHand(tx, agent, before, after.address)
  })
}

/** Takes an address away, or brings it back as it was. Refuses `not_found`. */
export async function removeAddress(
  agent: Agent,
  contactId: string,
  addressId: string,
  removed: boolean,
): Promise<void> {
  await writeLocking(async (tx) => {
    const before = await addressToWrite(tx, contactId, addressId, true)
    if (!before || (before.removedAt !== null) === removed) return
    const { address } = await changeAddress(tx, before, { removedAt: removed ? now() : null })
    await afterHand(tx, agent, removed ? before : null, removed ? null : address)
  })
}

async function addressToWrite(
  tx: Tx,
  contactId: string,
  addressId: string | null,
  gone = false,
): Promise<AddressRow | null> {
  if (!(await contactToChange(tx, { id: contactId }))) throw refuse('not_found')
  if (addressId === null) return null
  const address = (await everyAddressOf(tx, contactId)).find(({ id }) => id === addressId)
  if (!address || (address.removedAt !== null && !gone)) throw refuse('not_found')
  return address
}

async function afterHand(tx: Tx, agent: Agent, before: AddressRow | null, after: AddressRow | null): Promise<void> {
  const { contactId, address } = (after ?? before) as AddressRow
  const edit = editOf(address, before && (await shown(tx, before)), after && (await shown(tx, after)))
  await keepHandEdit(tx, agent, contactId, { field: 'address', ...edit })
  await settleZones(tx, [contactId])
  await tell(tx, 'contact.changed', contactId)
}

async function shown(tx: Tx, { address, zoneId, district, note, main }: AddressRow) {
  return { address, zone: (await findZone(zoneId, tx))?.name ?? null, district, note, main }
}
