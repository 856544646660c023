import { timingSafeEqual } from 'node:crypto'
import { write } from '../../platform/db/write.ts'
import { digest, newSecret } from '../../platform/lib/id.ts'
import { refuse } from '../../platform/lib/refuse.ts'
import { createSite } from '../sites/index.ts'
import { keepAgent, readyToKeep } from './create-agent.ts'
import { hasOwner } from './find-agent.ts'
import { checkName } from './rules.ts'
import { openSession } from './sessions.ts'
import { deviceFor } from './sign-in.ts'

// Kept in memory alone: every start of the server gives a new link and forgets the one before.
let tokenHash: string | null = null

/** The one-time link under which the owner sets the house up; null once there is an owner. Replaces the last one. */
export async function setupLink(baseUrl: string): Promise<string | null> {
  tokenHash = null
  if (await hasOwner()) return null
  const token = newSecret(32)
  tokenHash = digest(token)
  return `${baseUrl.replace(/\/$/, '')}/setup?token=${token}`
}

/** Refuses `set_up_done` once there is an owner, and `set_up_link_invalid` for any token but the newest. */
export async function checkSetupToken(token: unknown): Promise<void> {
  if (await hasOwner()) throw refuse('set_up_done')
  const given = Buffer.from(digest(typeof token === 'string' ? token : ''))
  const expected = Buffer.from(tokenHash ?? '')
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) throw refuse('set_up_link_invalid')
}

export type SetUp = { token: unknown; name: unknown; email: unknown; password: unknown; shop: unknown }

/**
 * Creates the owner and the shop's site together and signs the owner in. Of several who come with the same link at once
 * one wins, the others are refused `set_up_done`.
 */
export async function setUp(input: SetUp): Promise<{ token: string; device: string; siteId: string }> {
  await checkSetupToken(input.token)
  const text = (value: unknown) => (typeof value === 'string' ? value : '')
  const shop = checkName(input.shop)
  const owner = await readyToKeep({
    email: text(input.email),
    name: text(input.name),
    role: 'owner',
    password: text(input.password),
  })
  const done = await write(async (tx) => {
    if (await hasOwner(tx)) throw refuse('set_up_done')
    const agent = await keepAgent(tx, owner)
    const site = await createSite(tx, { name: shop })
    return { token: await openSession(tx, agent.id), siteId: site.id }
  })
  tokenHash = null
  return { ...done, device: deviceFor(owner.email) }
}
