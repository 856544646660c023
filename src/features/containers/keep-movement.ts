import { eq } from 'drizzle-orm'
import type { Tx } from '../../platform/db/executor.ts'
import { lockingRows } from '../../platform/db/lock-rows.ts'
import { now } from '../../platform/lib/clock.ts'
import { newId } from '../../platform/lib/id.ts'
import type { MovementChange } from './read-movement.ts'
import { type ContainerMovement, containerMovements } from './schema.ts'

type NewMovement = MovementChange & Pick<ContainerMovement, 'contactId' | 'type' | 'at'>
export type MovementValues = MovementChange & Partial<Pick<ContainerMovement, 'contactId' | 'orderId' | 'removedAt'>>

/** A movement for a change, by our id or the shop's own name for it, also one that is gone; null when there is none. */
export async function movementToChange(
  tx: Tx,
  by: { externalId: string } | { id: string },
): Promise<ContainerMovement | null> {
  const which = 'id' in by ? eq(containerMovements.id, by.id) : eq(containerMovements.externalId, by.externalId)
  const [movement] = await lockingRows(tx.select().from(containerMovements).where(which))
  return movement ?? null
}

/** Adds a movement of a contact who was locked, as part of another change. */
export async function keepMovement(
  tx: Tx,
  told: NewMovement & { externalId?: string | null; orderId?: string | null },
): Promise<ContainerMovement> {
  const kept = now()
  const movement: ContainerMovement = {
    ...{ id: newId(), externalId: null, delivered: 0, returned: 0, orderId: null, note: null, ...told },
    ...{ createdAt: kept, changedAt: kept, removedAt: null },
  }
  await tx.insert(containerMovements).values(movement)
  return movement
}

/** Changes a movement that was read for that. What is as wanted stays; `changed` says whether anything was not. */
export async function changeMovement(
  tx: Tx,
  before: ContainerMovement,
  change: MovementValues,
): Promise<{ movement: ContainerMovement; changed: boolean }> {
  const after: ContainerMovement = { ...before, ...change }
  if (Bun.deepEquals(after, before)) return { movement: before, changed: false }
  const changedAt = Math.max(now(), before.changedAt + 1)
  await tx
    .update(containerMovements)
    .set({ ...change, changedAt })
    .where(eq(containerMovements.id, before.id))
  return { movement: { ...after, changedAt }, changed: true }
}
