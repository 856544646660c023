import { asc, inArray } from 'drizzle-orm'
import type { Tx } from '../../platform/db/executor.ts'
import { lockingRows } from '../../platform/db/lock-rows.ts'
import { visitors } from './schema.ts'

/** The browsers of these contacts, locked in the order of their ids. */
export async function browsersToChange(tx: Tx, contactIds: string[]): Promise<string[]> {
  const theirs = tx
    .select({ id: visitors.id })
    .from(visitors)
    .where(inArray(visitors.contactId, contactIds))
    .orderBy(asc(visitors.id))
  return (await lockingRows(theirs)).map(({ id }) => id)
}
