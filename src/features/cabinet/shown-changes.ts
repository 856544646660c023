import type { ChangeShown } from '../../../views/settings/change-shown.ts'
import { agentName } from '../agents/index.ts'
import type { SettingChange } from '../settings/index.ts'

/** Changes with the names of who made them. */
export async function shownChanges(changes: SettingChange[]): Promise<ChangeShown[]> {
  const ids = [...new Set(changes.flatMap(({ agentId }) => agentId ?? []))]
  const names = new Map(await Promise.all(ids.map(async (id) => [id, await agentName(id)] as const)))
  return changes.map((change) => ({
    ...change,
    who: change.agentId === null ? null : (names.get(change.agentId) ?? null),
  }))
}
