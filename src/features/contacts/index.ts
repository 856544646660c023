import './events.ts'

export { addressesOf, findAddress, mainAddressOf } from './addresses-of.ts'
export { checkEdit, type Edit } from './check-edit.ts'
export { contactsToChange, contactToChange, everyAddressOf } from './contact-to-change.ts'
export { contactsWithAddressIn } from './contacts-in-zone.ts'
export { describeContact, type SelfDescription } from './describe-contact.ts'
export { editContact } from './edit-contact.ts'
export { editsOf } from './edits-of.ts'
export { type FoundAddress, feedAddress, feedAddresses } from './feed-addresses.ts'
export { feedContact, feedNewContact } from './feed-contact.ts'
export { findContacts } from './find-contacts.ts'
export { findContactsById } from './find-contacts-by-id.ts'
export { importContacts } from './import-contacts.ts'
export { type AddressValues, changeAddress, keepAddress } from './keep-address.ts'
export { keepContact, type NewContact } from './keep-contact.ts'
export { type HandEdit, keepEdit, keepHandEdit } from './keep-edit.ts'
export { placeContacts } from './place-contacts.ts'
export {
  type AddressChange,
  type ContactChange,
  type FedAddress,
  longestExternalId,
  readAddress,
  readAddresses,
  readContact,
  readFedAddress,
} from './read-contact.ts'
export {
  type AddressRow,
  contactAddresses,
  type ContactEdit,
  type ContactRow,
  contacts,
  type EditableField,
  type EditedField,
} from './schema.ts'
export { forgetContact } from './forget-contact.ts'
export { importAddresses } from './import-addresses.ts'
