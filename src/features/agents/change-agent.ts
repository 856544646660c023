import { eq } from 'drizzle-orm'
import type { Tx } from '../../platform/db/executor.ts'
import { write } from '../../platform/db/write.ts'
import { now } from '../../platform/lib/clock.ts'
import { isId } from '../../platform/lib/id.ts'
import { refuse } from '../../platform/lib/refuse.ts'
import { hashPassword } from './passwords.ts'
import { checkPassword, checkRole, mayManage } from './rules.ts'
import { type Agent, agents, type Role } from './schema.ts'
import { endSessionsOf } from './sessions.ts'

type By = { agentId: string; role: Role }

/** Sets a new password, one's own or as one who may manage. All sessions of the agent end. Refuses as `createAgent`. */
export async function changePassword(by: By, agentId: string, password: string): Promise<void> {
  if (by.agentId !== agentId && !mayManage(by.role)) throw refuse('forbidden')
  const agent = await write((tx) => findAgent(tx, agentId))
  if (agent.role === 'owner' && by.role !== 'owner') throw refuse('forbidden')
  const passwordHash = await hashPassword(checkPassword(password, agent.email))
  await write((tx) => change(tx, agentId, { passwordHash }))
}

/** Gives an agent another role. Only the owner makes owners and unmakes them. All sessions of the agent end. */
export async function changeRole(by: By, agentId: string, role: string): Promise<void> {
  const wanted = checkRole(role)
  await write(async (tx) => {
    await mustManage(tx, by, agentId, wanted)
    await change(tx, agentId, { role: wanted })
  })
}

/** Shuts an agent out at once, open windows included. Nobody disables themselves. */
export async function disableAgent(by: By, agentId: string): Promise<void> {
  await write(async (tx) => {
    await mustManage(tx, by, agentId)
    await change(tx, agentId, { disabledAt: now() })
  })
}

async function mustManage(tx: Tx, by: By, agentId: string, wanted?: Role): Promise<void> {
  const agent = await findAgent(tx, agentId)
  const aboutOwner = agent.role === 'owner' || wanted === 'owner'
  if (!mayManage(by.role) || by.agentId === agentId || (aboutOwner && by.role !== 'owner')) throw refuse('forbidden')
}

async function findAgent(tx: Tx, agentId: string): Promise<Agent> {
  const [agent] = isId(agentId) ? await tx.select().from(agents).where(eq(agents.id, agentId)) : []
  if (!agent) throw refuse('not_found')
  return agent
}

async function change(tx: Tx, agentId: string, values: Partial<Agent>): Promise<void> {
  await tx.update(agents).set(values).where(eq(agents.id, agentId))
  await endSessionsOf(tx, agentId)
}
