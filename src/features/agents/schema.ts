import { id, index, table, text, time, uniqueIndex } from '../../platform/db/columns.ts'
import { pictures } from '../pictures/schema.ts'

export const roles = ['owner', 'admin', 'agent'] as const
export type Role = (typeof roles)[number]
export const themes = ['light', 'dark'] as const
export type ThemeChoice = (typeof themes)[number]

/** People who answer. `emailFolded` is what an address is compared by. */
export const agents = table(
  'agents',
  {
    id: id().primaryKey(),
    email: text().notNull(),
    emailFolded: text().notNull(),
    name: text().notNull(),
    role: text({ enum: roles }).notNull(),
    passwordHash: text().notNull(),
    locale: text(),
    createdAt: time().notNull(),
    disabledAt: time(),
    /** What they do, as visitors see it beside the name. */
    title: text(),
    /** Their face, as visitors see it. */
    photo: id().references(() => pictures.hash),
    /** Since when they have said that they are away; null: they are there while a window of theirs is open. */
    awaySince: time(),
    /** How the console looks to them; null: as their system does. */
    theme: text({ enum: themes }),
  },
  (columns) => [uniqueIndex('agents_email').on(columns.emailFolded)],
)

/** Browsers that are signed in. Tokens are kept as SHA-256 only; `previousHash` still opens until `previousUntil`. */
export const agentSessions = table(
  'agent_sessions',
  {
    id: id().primaryKey(),
    agentId: id()
      .notNull()
      .references(() => agents.id),
    tokenHash: text().notNull(),
    previousHash: text(),
    previousUntil: time(),
    createdAt: time().notNull(),
    rotatedAt: time().notNull(),
    seenAt: time().notNull(),
    expiresAt: time().notNull(),
  },
  (columns) => [
    uniqueIndex('agent_sessions_token').on(columns.tokenHash),
    index('agent_sessions_previous').on(columns.previousHash),
    index('agent_sessions_agent').on(columns.agentId),
  ],
)

export type Agent = typeof agents.$inferSelect
export type AgentSession = typeof agentSessions.$inferSelect
