/** PostgreSQL, where this machine has one: a server of the scene's own, Debian's, with the durability that it has by default. */
import { type Postgres, startPostgres } from '../../tests/support/postgres.ts'
import { CannotMeasure } from '../scene.ts'

export async function postgresHere(): Promise<Postgres> {
  try {
    return await startPostgres()
  } catch (error) {
    throw new CannotMeasure(`no PostgreSQL: ${error instanceof Error ? error.message : String(error)}`)
  }
}
