import { createAgent } from '../../src/features/agents/index.ts'
import type { AgentActor } from '../../src/features/conversations/index.ts'
import { issueVisitorToken, readVisitorToken, type VisitorActor } from '../../src/features/visitors/index.ts'

/** An agent of the house with a real account; signs in with `<name>@shop.test` and `password`. */
export async function hire(
  name: string,
  role: 'owner' | 'admin' | 'agent' = 'agent',
): Promise<AgentActor & { email: string }> {
  const email = `${name.toLowerCase()}@shop.test`
  const { id } = await createAgent({ email, name, role, password })
  return { kind: 'agent', agentId: id, name, email }
}

export const password = 'correct horse battery'

/** Somebody who opened the shop's page: known to nobody yet. */
export const newVisitor = (siteId: string): VisitorActor => readVisitorToken(issueVisitorToken(siteId))
