import { and, eq, inArray, lte, or, type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../../platform/db/executor.ts'
import { db } from '../../platform/db/open.ts'
import { prepared } from '../../platform/db/prepared.ts'
import { write } from '../../platform/db/write.ts'
import { now } from '../../platform/lib/clock.ts'
import { digest, newId, newSecret } from '../../platform/lib/id.ts'
import { Refusal } from '../../platform/lib/refuse.ts'
import { record } from '../../platform/live/bus.ts'
import './events.ts'
import { agentSessions, agents, type Role, type ThemeChoice } from './schema.ts'

const minute = 60_000
const hour = 60 * minute
const idleMs = 30 * 24 * hour
const rotateAfterMs = 12 * hour
// Requests that were already on their way when the token changed still carry the old one.
const graceMs = minute
// Idleness is counted in days: one write an hour is enough to know it.
const seenEveryMs = hour

/** Who is signed in, and through which session. */
export type SignedIn = {
  kind: 'agent'
  agentId: string
  name: string
  title: string | null
  photo: string | null
  email: string
  role: Role
  locale: string | null
  /** Since when they have said that they are away. */
  awaySince: number | null
  /** How the console looks to them; null follows their system. */
  theme: ThemeChoice | null
  sessionId: string
}

const byToken = prepared((x) =>
  x
    .select({
      sessionId: agentSessions.id,
      tokenHash: agentSessions.tokenHash,
      previousUntil: agentSessions.previousUntil,
      rotatedAt: agentSessions.rotatedAt,
      seenAt: agentSessions.seenAt,
      expiresAt: agentSessions.expiresAt,
      agentId: agents.id,
      name: agents.name,
      title: agents.title,
      photo: agents.photo,
      email: agents.email,
      role: agents.role,
      locale: agents.locale,
      awaySince: agents.awaySince,
      theme: agents.theme,
      disabledAt: agents.disabledAt,
    })
    .from(agentSessions)
    .innerJoin(agents, eq(agents.id, agentSessions.agentId))
    .where(
      or(eq(agentSessions.tokenHash, sql.placeholder('hash')), eq(agentSessions.previousHash, sql.placeholder('hash'))),
    )
    .prepare(),
)

/** Signs a browser in: a new session under a new token, of which only the hash is kept. */
export async function openSession(tx: Tx, agentId: string): Promise<string> {
  const token = newSecret(32)
  const at = now()
  await tx.insert(agentSessions).values({
    id: newId(),
    agentId,
    tokenHash: digest(token),
    createdAt: at,
    rotatedAt: at,
    seenAt: at,
    expiresAt: at + idleMs,
  })
  return token
}

/**
 * Who holds this token; null when nobody does (unknown, expired, disabled). After 12 h of use the token is changed:
 * `renewed` is then the one to hand to the browser.
 */
export async function findSession(token: string | null): Promise<{ who: SignedIn; renewed: string | null } | null> {
  if (!token || token.length > 100) return null
  const hash = digest(token)
  const [row] = await byToken(db).execute({ hash })
  const at = now()
  if (!row || row.disabledAt !== null || row.expiresAt <= at) return null
  const isCurrent = row.tokenHash === hash
  if (!isCurrent && (row.previousUntil ?? 0) <= at) return null
  const { sessionId, agentId, name, title, photo, email, role, locale, awaySince, theme } = row
  const known = { name, title, photo, email, role, locale, awaySince, theme }
  const who: SignedIn = { kind: 'agent', agentId, ...known, sessionId }
  if (isCurrent && row.rotatedAt + rotateAfterMs <= at) return { who, renewed: await ifKept(rotate(sessionId, hash)) }
  if (row.seenAt + seenEveryMs <= at) await ifKept(touch(sessionId))
  return { who, renewed: null }
}

/** While the store takes no writes the session stays as it is: reading must go on. */
async function ifKept<T>(change: Promise<T>): Promise<T | null> {
  try {
    return await change
  } catch (error) {
    if (error instanceof Refusal && error.retryable) return null
    throw error
  }
}

/** Whether a session that was open a moment ago still is: for sockets that outlive their request. */
export async function isSessionAlive(sessionId: string): Promise<boolean> {
  const [row] = await db
    .select({ expiresAt: agentSessions.expiresAt, disabledAt: agents.disabledAt })
    .from(agentSessions)
    .innerJoin(agents, eq(agents.id, agentSessions.agentId))
    .where(eq(agentSessions.id, sessionId))
  return row !== undefined && row.disabledAt === null && row.expiresAt > now()
}

/** Of requests that arrive together one changes the token; the others stay with theirs for the time of grace. */
async function rotate(sessionId: string, tokenHash: string): Promise<string | null> {
  const token = newSecret(32)
  return write(async (tx) => {
    const at = now()
    const changed = await tx
      .update(agentSessions)
      .set({
        tokenHash: digest(token),
        previousHash: tokenHash,
        previousUntil: at + graceMs,
        rotatedAt: at,
        seenAt: at,
        expiresAt: at + idleMs,
      })
      .where(and(eq(agentSessions.id, sessionId), eq(agentSessions.tokenHash, tokenHash)))
      .returning({ id: agentSessions.id })
    return changed.length > 0 ? token : null
  })
}

const touch = (sessionId: string): Promise<void> =>
  write(async (tx) => {
    await tx
      .update(agentSessions)
      .set({ seenAt: now(), expiresAt: now() + idleMs })
      .where(eq(agentSessions.id, sessionId))
  })

/** Ends one session, and what is open under it. Says nothing when it has ended already. */
export const endSession = (sessionId: string): Promise<void> => write((tx) => end(tx, eq(agentSessions.id, sessionId)))

/** Ends every session of an agent: after a disable, and after a change of password or role. */
export const endSessionsOf = (tx: Tx, agentId: string): Promise<void> => end(tx, eq(agentSessions.agentId, agentId))

/** Ends the session that a token opens, if any: a browser that signs in anew leaves its old session behind. */
export const endSessionByToken = (tx: Tx, token: string): Promise<void> =>
  end(tx, eq(agentSessions.tokenHash, digest(token)))

async function end(tx: Tx, which: SQL | undefined): Promise<void> {
  const ended = await tx
    .delete(agentSessions)
    .where(which)
    .returning({ id: agentSessions.id, agentId: agentSessions.agentId })
  for (const agentId of new Set(ended.map((session) => session.agentId))) {
    const sessionIds = ended.filter((session) => session.agentId === agentId).map(({ id }) => id)
    await record(tx, 'sessions.ended', { agentId, sessionIds })
  }
}

/** Drops sessions that have run out; once in a while, so that the table does not grow for ever. */
export const dropExpiredSessions = (): Promise<void> =>
  write(async (tx) => {
    const expired = await tx
      .select({ id: agentSessions.id })
      .from(agentSessions)
      .where(lte(agentSessions.expiresAt, now()))
      .limit(500)
    const ids = expired.map(({ id }) => id)
    if (ids.length > 0) await end(tx, inArray(agentSessions.id, ids))
  })
