import type { Tx } from '../../platform/db/executor.ts'
import { now } from '../../platform/lib/clock.ts'
import { settings } from './schema.ts'

/** Keeps a setting of the whole house under a key of its owner's. */
export async function keepSetting(tx: Tx, key: string, value: unknown): Promise<void> {
  const changed = { value, changedAt: now() }
  await tx
    .insert(settings)
    .values({ key, ...changed })
    .onConflictDoUpdate({ target: settings.key, set: changed })
}
