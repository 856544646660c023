import { eq } from 'drizzle-orm'
import { writeLocking } from '../../platform/db/write.ts'
import { record } from '../../platform/live/bus.ts'
import { refuse } from '../../platform/lib/refuse.ts'
import { type ChangedFields, changedFields, lastChange, logChange } from '../settings/index.ts'
import { mustHavePicture } from './change-chat-defaults.ts'
import { chatDefaults, chatOf, type ChatSettings, rowWith, withAnswers } from './chat-defaults.ts'
import './events.ts'
import { type Manager, mustManage } from './manager.ts'
import { type ChatField, chatFields, sites } from './schema.ts'
import { siteToChange } from './site-to-change.ts'

/** A site's own answers; to the questions that are not in `own` it has those of the house. */
export type SiteChat = { own: ChatField[]; chat: ChatSettings }

/**
 * Changes a site's own answers about the chat, at once, in open widgets too. `seen` is the change that whoever saves saw
 * last. Refuses `forbidden`, `site_unknown`, `settings_invalid` for a picture that is not kept, and `edited_meanwhile`
 * when there is a later change. What was changed is answered.
 */
export async function changeSiteChat(
  agent: Manager,
  siteId: string,
  { own: asked, chat: wanted }: SiteChat,
  seen: string | null,
): Promise<ChangedFields> {
  mustManage(agent)
  return writeLocking(async (tx) => {
    const site = await siteToChange(tx, siteId)
    if ((await lastChange('chat', siteId, tx)) !== seen) throw refuse('edited_meanwhile')
    const own = chatFields.filter((field) => asked.includes(field))
    const chat = withAnswers(await chatDefaults(tx), own, wanted)
    const before = { ...chatOf(site), own: chatFields.filter((field) => site.own.includes(field)) }
    const fields = changedFields(before, { ...chat, own })
    if (Object.keys(fields).length === 0) return fields
    await mustHavePicture(tx, chat)
    const changed = { ...rowWith(site, chat), own }
    await tx.update(sites).set(changed).where(eq(sites.id, siteId))
    await record(tx, 'site.changed', { site: changed })
    const by = { agentId: agent.agentId ?? null, subjectId: siteId, subject: site.name }
    await logChange(tx, { page: 'chat', kind: 'changed', ...by, fields })
    return fields
  })
}
