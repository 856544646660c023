import { asc, count, eq, sql } from 'drizzle-orm'
import type { Executor, Tx } from '../../platform/db/executor.ts'
import { db } from '../../platform/db/open.ts'
import { prepared } from '../../platform/db/prepared.ts'
import { foldEmail, isStorable } from '../../platform/lib/text.ts'
import { type Agent, agents, type Role } from './schema.ts'

/** An agent as others may see them. */
export type AgentCard = {
  id: string
  email: string
  name: string
  role: Role
  locale: string | null
  createdAt: number
  disabledAt: number | null
}

const card = {
  id: agents.id,
  email: agents.email,
  name: agents.name,
  role: agents.role,
  locale: agents.locale,
  createdAt: agents.createdAt,
  disabledAt: agents.disabledAt,
}

const nameOf = prepared((x) =>
  x
    .select({ name: agents.name })
    .from(agents)
    .where(eq(agents.id, sql.placeholder('id')))
    .prepare(),
)

/** Every agent, oldest first. */
export const listAgents = async (): Promise<AgentCard[]> =>
  db.select(card).from(agents).orderBy(asc(agents.createdAt), asc(agents.id))

/** The name an agent goes by; null when there is no such agent. */
export async function agentName(id: string, executor: Executor = db): Promise<string | null> {
  const [agent] = await nameOf(executor).execute({ id })
  return agent?.name ?? null
}

/** Whose address this is, however it is capitalised; null for a text that is nobody's. */
export async function findByEmail(email: string): Promise<Agent | null> {
  const emailFolded = foldEmail(email)
  if (!isStorable(emailFolded)) return null
  const [agent] = await db.select().from(agents).where(eq(agents.emailFolded, emailFolded))
  return agent ?? null
}

/** Whether an agent that was read a while ago still has that password and may still come in. */
export async function isUnchanged(tx: Tx, { id, passwordHash }: Agent): Promise<boolean> {
  const [now] = await tx.select().from(agents).where(eq(agents.id, id))
  return now !== undefined && now.passwordHash === passwordHash && now.disabledAt === null
}

/** Whether anybody owns this house yet: as long as not, the set-up link is open. */
export async function hasOwner(executor: Executor = db): Promise<boolean> {
  const [owners] = await executor.select({ number: count() }).from(agents).where(eq(agents.role, 'owner'))
  return (owners?.number ?? 0) > 0
}
