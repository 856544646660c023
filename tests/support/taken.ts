import { postgresCode } from '../../src/platform/db/postgres/errors.ts'

/** Whether the database itself refuses a write because a unique key is taken. */
export async function isRefusedAsTaken(write: Promise<unknown>): Promise<boolean> {
  try {
    await write
    return false
  } catch (error) {
    return /UNIQUE/.test(String(error)) || postgresCode(error) === '23505'
  }
}
