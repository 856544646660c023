import type { Audience } from '../../../views/widget/settings.ts'
import type { Executor } from '../../platform/db/executor.ts'
import { db } from '../../platform/db/open.ts'
import { readSetting } from '../settings/index.ts'
import { type ChatField, type MailCopies, noCopies, type SiteRow } from './schema.ts'
import { setOf } from './widget-of.ts'

/** How the chat is set: for the house, or of one site. */
export type ChatSettings = {
  chatEnabled: boolean
  audience: Audience
  greeting: string | null
  /** A picture of ours (its hash) beside the greeting, which it belongs to. */
  greetingPicture: string | null
  copies: MailCopies
}

export const chatKey = 'chat'
const first: ChatSettings = {
  chatEnabled: true,
  audience: 'anyone',
  greeting: null,
  greetingPicture: null,
  copies: noCopies,
}

/** What every site has that has no value of its own. */
export async function chatDefaults(executor: Executor = db): Promise<ChatSettings> {
  return { ...first, ...(await readSetting<Partial<ChatSettings>>(chatKey, executor)) }
}

/** What is in force on a site. */
export function chatOf(site: SiteRow): ChatSettings {
  const { chatEnabled, audience, greeting } = site
  const greetingPicture = setOf(site).greetingPicture ?? null
  return { chatEnabled, audience, greeting, greetingPicture, copies: site.copies ?? noCopies }
}

const fieldsOf: Record<ChatField, (keyof ChatSettings)[]> = {
  chatEnabled: ['chatEnabled'],
  audience: ['audience'],
  greeting: ['greeting', 'greetingPicture'],
  copies: ['copies'],
}

/** `settings` with the answers to these questions taken from `other`. */
export function withAnswers(settings: ChatSettings, questions: readonly ChatField[], other: ChatSettings) {
  const taken = questions.flatMap((question) => fieldsOf[question]).map((field) => [field, other[field]])
  return { ...settings, ...(Object.fromEntries(taken) as Partial<ChatSettings>) }
}

/** A site's row with the chat set so. */
export function rowWith(site: SiteRow, { greetingPicture, ...chat }: ChatSettings): SiteRow {
  return { ...site, ...chat, widget: { ...setOf(site), greetingPicture } }
}
