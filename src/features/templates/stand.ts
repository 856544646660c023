import { eq } from 'drizzle-orm'
import type { Tx } from '../../platform/db/executor.ts'
import { placeBetween } from '../../../views/templates/position.ts'
import { type TemplateRow, templates } from './schema.ts'

/**
 * The position of one that comes to stand at `place` of the others (in order). Where there is no room its neighbours are
 * spread out for it, as few as need be.
 */
export async function standAt(tx: Tx, others: TemplateRow[], place: number): Promise<number> {
  const positions = others.map(({ position }) => position).toSpliced(place, 0, 0)
  const found = placeBetween(positions, place)
  for (const [at, position] of found) {
    const other = at < place ? others[at] : others[at - 1]
    if (at !== place && other) await tx.update(templates).set({ position }).where(eq(templates.id, other.id))
  }
  return found.get(place) ?? 0
}
