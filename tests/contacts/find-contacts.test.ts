import { Database } from 'bun:sqlite'
import { expect, test } from 'bun:test'
import { join } from 'node:path'
import { having } from '../../src/features/contacts/find-contacts.ts'
import { dialect } from '../../src/platform/db/dialect.ts'
import { closeStore, openStore } from '../../src/platform/db/open.ts'
import { freshPlace } from '../support/store.ts'

/** How SQLite goes about it, step by step. */
function planOf({ sql, params }: { sql: string; params: unknown[] }, folder: string): string[] {
  const store = new Database(join(folder, 'kontuar.db'), { readonly: true })
  const steps = store.query(`EXPLAIN QUERY PLAN ${sql}`).all(...(params as string[])) as { detail: string }[]
  store.close()
  return steps.map(({ detail }) => detail)
}

test.if(dialect() === 'sqlite')('contacts are found from an index: no table is read through', async () => {
  const { folder, remove } = await freshPlace()
  await openStore(folder)
  const plan = planOf(having('maria', ['ko', 'x'], 6).toSQL(), folder)
  await closeStore()
  await remove()
  expect(plan.filter((step) => step.startsWith('SCAN'))).toEqual([])
  expect(plan).toContain('SEARCH contact_words USING PRIMARY KEY (word>? AND word<?)')
})
