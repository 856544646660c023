export { describeContact, type SelfDescription } from './describe-contact.ts'
export { keepContact, type NewContact } from './keep-contact.ts'
export { type ContactRow, contacts } from './schema.ts'
