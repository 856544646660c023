import './events.ts'

export { addressesOf, findAddress, mainAddressOf } from './addresses-of.ts'
export { checkEdit, type Edit } from './check-edit.ts'
export { describeContact, type SelfDescription } from './describe-contact.ts'
export { editContact } from './edit-contact.ts'
export { editsOf } from './edits-of.ts'
export { findContacts } from './find-contacts.ts'
export { findContactsById } from './find-contacts-by-id.ts'
export { importContacts } from './import-contacts.ts'
export { keepContact, type NewContact } from './keep-contact.ts'
export { keepEdit } from './keep-edit.ts'
export {
  type AddressRow,
  contactAddresses,
  type ContactEdit,
  type ContactRow,
  contacts,
  type EditableField,
} from './schema.ts'
