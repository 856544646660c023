import { Database } from 'bun:sqlite'
import { drizzle } from 'drizzle-orm/bun-sqlite'
import { integer, sqliteTable } from 'drizzle-orm/sqlite-core'

const t = sqliteTable('t', { n: integer() })
const db = drizzle(new Database(':memory:'))

export async function forgets(): Promise<void> {
  db.insert(t).values({ n: 1 })
}
export async function waits(): Promise<void> {
  await db.insert(t).values({ n: 1 })
}
