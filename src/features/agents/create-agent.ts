import { eq } from 'drizzle-orm'
import type { Tx } from '../../platform/db/executor.ts'
import { write } from '../../platform/db/write.ts'
import { now } from '../../platform/lib/clock.ts'
import { newId } from '../../platform/lib/id.ts'
import { refuse } from '../../platform/lib/refuse.ts'
import { checkEmail, foldEmail } from '../../platform/lib/text.ts'
import { hashPassword } from './passwords.ts'
import { checkName, checkPassword, checkRole } from './rules.ts'
import { type Agent, agents, type Role } from './schema.ts'

export type NewAgent = { email: string; name: string; role: string; password: string }
/** `id` and `createdAt` are for an account that is brought in: its own. */
type Ready = { email: string; name: string; role: Role; passwordHash: string; id?: string; createdAt?: number }

/**
 * Adds an agent. Refuses `email_invalid`, `email_taken`, `name_missing`, `role_unknown`, `password_too_short`,
 * `password_too_long`, `password_is_email`, and `busy` when too many passwords are being hashed.
 */
export async function createAgent(input: NewAgent): Promise<Agent> {
  const ready = await readyToKeep(input)
  return write((tx) => keepAgent(tx, ready))
}

/** Checks the fields and hashes the password: slow, so never inside a write. */
export async function readyToKeep({ email, name, role, password }: NewAgent): Promise<Ready> {
  const checked = { name: checkName(name), email: checkEmail(email), role: checkRole(role) }
  return { ...checked, passwordHash: await hashPassword(checkPassword(password, checked.email)) }
}

/** Refuses `email_taken`. */
export async function keepAgent(tx: Tx, ready: Ready): Promise<Agent> {
  const { email, name, role, passwordHash, id = newId(), createdAt = now() } = ready
  const emailFolded = foldEmail(email)
  const [taken] = await tx.select({ id: agents.id }).from(agents).where(eq(agents.emailFolded, emailFolded))
  if (taken) throw refuse('email_taken')
  const agent: Agent = {
    id,
    email,
    emailFolded,
    name,
    role,
    passwordHash,
    locale: null,
    createdAt,
    disabledAt: null,
    title: null,
    photo: null,
    awaySince: null,
    theme: null,
  }
  await tx.insert(agents).values(agent)
  return agent
}
