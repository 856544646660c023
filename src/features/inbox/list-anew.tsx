import { Rows } from '../../../views/console/inbox-list.tsx'
import { fillSlots, listQuery } from '../../../views/console/inbox-row.tsx'
import { ListHead } from '../../../views/console/list-head.tsx'
import { Unread } from '../../../views/ui/badge.tsx'
import { partial, render } from '../../platform/http/page.tsx'
import type { Translate } from '../../platform/lib/i18n.ts'
import { type Asked } from '../agents/index.ts'
import { unreadOf } from '../messages/index.ts'
import { choicesOf } from './list-choices.ts'
import { type AskedRows, listCounts, rowsPage } from './list-queries.ts'
import { presenceParts } from './presence-routes.tsx'
import { shared } from './shared-answers.ts'

/** A list as it is now, for a page that shows it: its rows, and what is the agent's own above them and in the rail. */
export async function listAnew({ agent, t, origin }: Asked, asked: AskedRows): Promise<string> {
  const choices = await choicesOf(agent.agentId, t, asked)
  const [rows, counts] = await Promise.all([
    rowsFor(agent.agentId, t, asked, { origin, choices }),
    listCounts(agent.agentId, asked),
  ])
  // A window may show another list by now: then this answer is for nobody.
  const here = `[data-list='${listQuery(asked)}']`
  return (
    `<hx-partial hx-target="#rows${here}" hx-swap="innerMorph">${rows}</hx-partial>` +
    partial(`#list-head${here}`, 'outerMorph', <ListHead t={t} counts={counts} choices={choices} listed={asked} />) +
    presenceParts(t, agent.awaySince !== null)
  )
}

/**
 * A poke makes every console ask at once: what is the same for all is made once, and each agent's own numbers are put into
 * it. A list of one's own is made for oneself.
 */
async function rowsFor(agentId: string, t: Translate, asked: AskedRows, around: Around): Promise<string> {
  const { folder, unreadOnly, kind, limit } = asked
  if (folder === 'active' || unreadOnly || kind === 'system')
    return render(<Rows t={t} page={await rowsPage(agentId, asked, around)} />)
  const { html, ids } = await shared([listQuery(asked), limit, t.locale, around.origin].join(' '), async () => {
    const page = await rowsPage(agentId, asked, around, 'later')
    return { html: render(<Rows t={t} page={page} />), ids: page.rows.map(({ conversation }) => conversation.id) }
  })
  const unread = folder === 'finished' ? new Map<string, number>() : await unreadOf(agentId, ids)
  return fillSlots(html, (id) => badge(t, unread.get(id) ?? 0))
}

type Around = Parameters<typeof rowsPage>[2]

const badge = (t: Translate, count: number): string => (count === 0 ? '' : render(<Unread t={t} count={count} />))
