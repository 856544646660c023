import { refuse } from '../../platform/lib/refuse.ts'

/** Who changes something of a site; without an id it is the house itself. */
export type Manager = { role: string; agentId?: string }

/** Refuses `forbidden` to whoever is neither owner nor admin. */
export function mustManage({ role }: Manager): void {
  if (role !== 'owner' && role !== 'admin') throw refuse('forbidden')
}
