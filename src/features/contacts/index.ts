export { describeContact, type SelfDescription } from './describe-contact.ts'
export { importContacts } from './import-contacts.ts'
export { keepContact, type NewContact } from './keep-contact.ts'
export { type ContactRow, contacts } from './schema.ts'
