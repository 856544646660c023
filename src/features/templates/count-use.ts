import { sql } from 'drizzle-orm'
import { writeLocking } from '../../platform/db/write.ts'
import { now } from '../../platform/lib/clock.ts'
import { refuse } from '../../platform/lib/refuse.ts'
import { dayOf, findTemplate, isOfferedOn } from './list-templates.ts'
import { templateUses } from './schema.ts'

/** Counts that a template was put into an answer on a site. Refuses `not_found` for one that is not offered there. */
export async function countUse(templateId: string, siteId: string): Promise<void> {
  await writeLocking(async (tx) => {
    const template = await findTemplate(templateId, tx)
    if (!template || !isOfferedOn(siteId, template)) throw refuse('not_found')
    await tx
      .insert(templateUses)
      .values({ templateId, day: dayOf(now()), uses: 1 })
      .onConflictDoUpdate({
        target: [templateUses.templateId, templateUses.day],
        set: { uses: sql`${templateUses.uses} + 1` },
      })
  })
}
