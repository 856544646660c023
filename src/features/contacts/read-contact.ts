import {
  emptied,
  type FieldProblem,
  type FieldReader,
  fieldsOf,
  isObject,
  knownOnly,
  withoutGaps,
} from '../../platform/lib/read-fields.ts'
import { checkEmail } from '../../platform/lib/text.ts'
import type { AddressRow, ContactRow } from './schema.ts'

/** What can be told of a contact; what is not in it stays as it is. */
export type ContactChange = Partial<Pick<ContactRow, 'name' | 'email' | 'phone' | 'locale'>>
/** What can be told of an address. The zone is told by the shop's own name for it. */
export type AddressChange = Partial<Pick<AddressRow, 'address' | 'district' | 'note' | 'main'>> & {
  zone?: string | null
}
export type FedAddress = AddressChange & { externalId: string; pointer: string }

const most = { name: 100, email: 254, phone: 40, locale: 35, address: 300, district: 80, note: 500, addresses: 50 }
export const longestExternalId = 200

/** Reads what is told of a contact. What is wrong goes to the reader's problems. */
export function readContact(read: FieldReader): ContactChange {
  return withoutGaps({
    name: emptied(read.line('name', most.name)),
    email: emailOf(read),
    phone: phoneOf(read),
    locale: localeOf(read),
  })
}

function emailOf(read: FieldReader): string | null | undefined {
  const email = emptied(read.line('email', most.email))
  if (!email) return email
  try {
    return checkEmail(email)
  } catch {
    return read.wrong('email', 'not_an_email')
  }
}

function phoneOf(read: FieldReader): string | null | undefined {
  const phone = emptied(read.line('phone', most.phone))
  return !phone || /\d/.test(phone) ? phone : read.wrong('phone', 'not_a_phone')
}

function localeOf(read: FieldReader): string | null | undefined {
  const locale = emptied(read.line('locale', most.locale))
  return !locale || /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(locale) ? locale : read.wrong('locale', 'not_text')
}

/** Reads what is told of an address. */
export function readAddress(read: FieldReader): AddressChange {
  const address = read.line('address', most.address)
  if (address === '' || address === null) read.wrong('address', 'missing')
  return withoutGaps({
    address: address || undefined,
    zone: emptied(read.line('zone', longestExternalId)),
    district: emptied(read.line('district', most.district)),
    note: emptied(read.text('note', most.note)),
    main: read.truth('main') ?? undefined,
  })
}

const addressFields = ['externalId', 'address', 'zone', 'district', 'note', 'main']

/** Reads the whole list of a contact's addresses; undefined where none was sent. */
export function readAddresses(read: FieldReader, problems: FieldProblem[]): FedAddress[] | undefined {
  const entries = read.list('addresses', most.addresses)
  if (!entries) return entries === null ? [] : undefined
  const found = entries.flatMap(({ value, pointer }) => readFedAddress(value, pointer, problems) ?? [])
  const mains = found.filter(({ main }) => main)
  if (mains.length > 1) problems.push({ pointer: `${mains[1]?.pointer}/main`, code: 'twice' })
  for (const { externalId, pointer } of found)
    if (found.find((one) => one.externalId === externalId)?.pointer !== pointer)
      problems.push({ pointer: `${pointer}/externalId`, code: 'twice' })
  return found
}

/** Reads an address that comes with a name of the shop's own. */
export function readFedAddress(value: unknown, pointer: string, problems: FieldProblem[]): FedAddress | undefined {
  if (!isObject(value)) return void problems.push({ pointer, code: 'wrong_type' })
  const read = fieldsOf(value, pointer, problems)
  knownOnly(value, pointer, addressFields, problems)
  const externalId = read.line('externalId', longestExternalId)
  if (!externalId)
    return void (externalId === undefined && read.has('externalId') ? null : read.wrong('externalId', 'missing'))
  return { ...readAddress(read), externalId, pointer }
}
