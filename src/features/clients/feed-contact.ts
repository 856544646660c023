import { writeLocking } from '../../platform/db/write.ts'
import {
  type ContactChange,
  contactToChange,
  type FedAddress,
  feedAddresses,
  feedContact,
  feedNewContact,
  everyAddressOf,
} from '../contacts/index.ts'
import { tellOfContact } from '../visitors/index.ts'
import { FieldsInvalid } from '../../platform/http/api-problem.ts'
import type { Tx } from '../../platform/db/executor.ts'
import { contactJson } from './as-json.ts'
import { type Expected, expectsSomething, type Fed, mustBeExpected, namedZones, withZone } from './fed.ts'
import { settleZones } from './settle-zones.ts'
import { tell } from './tell.ts'

export type ToldContact = { fields: ContactChange; addresses: FedAddress[] | undefined }

/** Keeps what a program tells of a contact. Refuses `fields_invalid` and `precondition_failed`. */
export const feedOneContact = (externalId: string, told: ToldContact, expected: Expected): Promise<Fed> =>
  writeLocking(async (tx) => {
    const before = await contactToChange(tx, { externalId })
    if (expectsSomething(expected)) mustBeExpected(expected, before && (await contactJson(before, tx)))
    const done = before
      ? await feedContact(tx, before, told.fields)
      : { contact: await feedNewContact(tx, externalId, told.fields), changed: false }
    const { id } = done.contact
    const moved = told.addresses !== undefined && (await keepAddresses(tx, id, told.addresses))
    const settled = moved ? await settleZones(tx, [id]) : []
    if (done.changed || moved || settled.length > 0) await tell(tx, 'contact.changed', id)
    if (done.changed) await tellOfContact(tx, done.contact)
    const contact = settled.length > 0 ? ((await contactToChange(tx, { id })) ?? done.contact) : done.contact
    return { created: !before, json: await contactJson(contact, tx) }
  })

async function keepAddresses(tx: Tx, contactId: string, told: FedAddress[]): Promise<boolean> {
  const zones = await namedZones(tx, told)
  const known = new Set((await everyAddressOf(tx, contactId)).map(({ externalId }) => externalId))
  const bare = told.filter(({ externalId, address }) => address === undefined && !known.has(externalId))
  if (bare.length > 0)
    throw new FieldsInvalid(bare.map(({ pointer }) => ({ pointer: `${pointer}/address`, code: 'missing' })))
  return feedAddresses(
    tx,
    contactId,
    told.map((one) => withZone(one, zones)),
  )
}
