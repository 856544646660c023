import type { Translate } from '../../platform/lib/i18n.ts'
import { choicesOf } from './list-choices.ts'
import { type AskedRows, listCounts, rowsPage } from './list-queries.ts'

/** All that the list's pane shows. */
export async function listFor(agentId: string, t: Translate, asked: AskedRows, origin: string) {
  const choices = await choicesOf(agentId, t, asked)
  const [rows, counts] = await Promise.all([rowsPage(agentId, asked, { origin, choices }), listCounts(agentId, asked)])
  return { rows, counts }
}
