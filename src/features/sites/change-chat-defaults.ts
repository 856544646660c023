import { asc, eq } from 'drizzle-orm'
import type { Tx } from '../../platform/db/executor.ts'
import { lockingRows } from '../../platform/db/lock-rows.ts'
import { writeLocking } from '../../platform/db/write.ts'
import { record } from '../../platform/live/bus.ts'
import { refuse } from '../../platform/lib/refuse.ts'
import { pictureExists } from '../pictures/index.ts'
import { type ChangedFields, changedFields, keepSetting, lastChange, logChange } from '../settings/index.ts'
import { chatDefaults, chatKey, chatOf, type ChatSettings, rowWith, withAnswers } from './chat-defaults.ts'
import './events.ts'
import { type Manager, mustManage } from './manager.ts'
import { chatFields, type SiteRow, sites } from './schema.ts'

/**
 * Changes how the chat is set wherever a site has no answer of its own, at once, in open widgets too. `seen` is the change
 * that whoever saves saw last. Refuses `forbidden`, `settings_invalid` for a picture that is not kept, and
 * `edited_meanwhile` when there is a later change. What was changed is answered.
 */
export async function changeChatDefaults(
  agent: Manager,
  wanted: ChatSettings,
  seen: string | null,
): Promise<ChangedFields> {
  mustManage(agent)
  return writeLocking(async (tx) => {
    // All sites, in one order: whoever else changes the default, or a site, waits for this.
    const all = await lockingRows(tx.select().from(sites).orderBy(asc(sites.id)))
    if ((await lastChange('chat', null, tx)) !== seen) throw refuse('edited_meanwhile')
    const fields = changedFields(await chatDefaults(tx), wanted)
    if (Object.keys(fields).length === 0) return fields
    await mustHavePicture(tx, wanted)
    await keepSetting(tx, chatKey, wanted)
    for (const site of all) await follow(tx, site, wanted)
    await logChange(tx, { page: 'chat', kind: 'changed', agentId: agent.agentId ?? null, fields })
    return fields
  })
}

/** Gives a site the answers of the house to the questions to which it has none of its own. */
async function follow(tx: Tx, site: SiteRow, defaults: ChatSettings): Promise<void> {
  const before = chatOf(site)
  const followed = chatFields.filter((field) => !site.own.includes(field))
  const after = withAnswers(before, followed, defaults)
  if (Object.keys(changedFields(before, after)).length === 0) return
  const { id, ...row } = rowWith(site, after)
  await tx.update(sites).set(row).where(eq(sites.id, id))
  await record(tx, 'site.changed', { site: { id, ...row } })
}

/** Refuses `settings_invalid` for a picture that is not kept. */
export async function mustHavePicture(tx: Tx, { greetingPicture }: ChatSettings): Promise<void> {
  if (greetingPicture !== null && !(await pictureExists(greetingPicture, tx)))
    throw refuse('settings_invalid', { field: 'greetingPicture' })
}
