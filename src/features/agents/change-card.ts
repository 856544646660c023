import { eq } from 'drizzle-orm'
import { write } from '../../platform/db/write.ts'
import { isId } from '../../platform/lib/id.ts'
import { refuse } from '../../platform/lib/refuse.ts'
import { pictureExists } from '../pictures/index.ts'
import { checkTitle, mayManage } from './rules.ts'
import { agents, type Role } from './schema.ts'

export type CardChange = { title?: string | null; photo?: string | null }

/**
 * Changes what visitors see beside an agent's name, one's own or as one who may manage: the title, and the photo by a kept
 * picture's hash. Refuses `forbidden`, `not_found`, `settings_invalid` (the title) and `picture_invalid`.
 */
export async function changeCard(
  by: { agentId: string; role: Role },
  agentId: string,
  { title, photo }: CardChange,
): Promise<void> {
  if (by.agentId !== agentId && !mayManage(by.role)) throw refuse('forbidden')
  if (!isId(agentId)) throw refuse('not_found')
  const change = {
    ...(title === undefined ? {} : { title: checkTitle(title) }),
    ...(photo === undefined ? {} : { photo }),
  }
  if (Object.keys(change).length === 0) return
  await write(async (tx) => {
    if (change.photo && !(await pictureExists(change.photo, tx))) throw refuse('picture_invalid')
    const changed = await tx.update(agents).set(change).where(eq(agents.id, agentId)).returning({ id: agents.id })
    if (changed.length === 0) throw refuse('not_found')
  })
}
