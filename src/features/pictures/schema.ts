import { id, table, text, time } from '../../platform/db/columns.ts'

/** Small pictures of the house's own: logos, faces. Named by their content, never changed. */
export const pictures = table('pictures', {
  /** SHA-256 of the bytes, in hex. */
  hash: id().primaryKey(),
  mediaType: text().notNull(),
  /** The file, in base64: small, and the same in every store. */
  bytes: text().notNull(),
  createdAt: time().notNull(),
})
