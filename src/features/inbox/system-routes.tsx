import { Elysia } from 'elysia'
import { InboxList } from '../../../views/console/inbox-list.tsx'
import { listQuery } from '../../../views/console/inbox-row.tsx'
import { unreadInAll } from '../../../views/console/list-head.tsx'
import { SystemPane } from '../../../views/console/system-pane.tsx'
import { ConsolePage } from '../../../views/layout/console.tsx'
import { Toast } from '../../../views/ui/toast.tsx'
import { documentAssets } from '../../platform/http/document-assets.ts'
import { fragment, htmlFragment, isHtmx, json, page, partial } from '../../platform/http/page.tsx'
import { problem } from '../../platform/http/problem.tsx'
import { isId } from '../../platform/lib/id.ts'
import { type Asked, type Inside, raw, viewerOf } from '../agents/index.ts'
import { hideSystem, listSystem, readSystem, systemStanding } from '../system-messages/index.ts'
import { listAnew } from './list-anew.tsx'
import { listFor } from './list-for.ts'
import { listBeside } from './list-queries.ts'

const onPage = 50

/** What the system says to agents: beside the list, like a conversation, and part of none. */
export const systemRoutes = (inside: Inside) =>
  new Elysia({ name: 'inbox-system' })
    .onError(({ error, request }) => problem(error, request))
    .get('/system', inside(showSystem))
    .put('/system/read', inside(putRead), raw)
    .put('/system/hidden', inside(hide(true)), raw)
    .delete('/system/hidden', inside(hide(false)), raw)

async function showSystem(asked: Asked): Promise<Response> {
  const { agent, t, query, origin, request } = asked
  const listed = listBeside(query)
  const pane = await systemPane(asked, listQuery(listed))
  if (isHtmx(request)) return fragment(pane)
  const { rows, counts } = await listFor(agent.agentId, t, listed, origin)
  return page(
    <ConsolePage
      t={t}
      assets={documentAssets('console')}
      viewer={viewerOf(agent)}
      page={t('console.filter.system')}
      current="inbox"
      unread={unreadInAll(counts)}
      screen="conversation"
      list={<InboxList t={t} counts={counts} page={rows} />}
      conversation={pane}
    />,
  )
}

async function systemPane({ agent, t, query }: Asked, list: string) {
  const before = /^\d{1,15}$/.test(query.before ?? '') ? Number(query.before) : null
  const [{ readAt, hidden }, found] = await Promise.all([systemStanding(agent.agentId), listSystem(before, onPage + 1)])
  const messages = found.slice(0, onPage)
  const last = messages.at(-1)
  const more = found.length > onPage && last ? `/system?${list}&before=${last.createdAt}` : null
  const open = isId(query.m) ? query.m : null
  return <SystemPane t={t} {...{ messages, readAt, hidden, open, list, more }} />
}

/** The page says that it stands in sight: a page that was merely fetched was not read. */
async function putRead({ agent, query }: Asked): Promise<Response> {
  await readSystem(agent.agentId, Number(query.to))
  return json({})
}

const hide =
  (hidden: boolean) =>
  async (asked: Asked): Promise<Response> => {
    const { agent, t, query, request } = asked
    await hideSystem(agent.agentId, hidden)
    if (!isHtmx(request)) return json({ hidden })
    const listed = listBeside(query)
    const undo = { method: hidden ? 'delete' : 'put', address: `/system/hidden?${listQuery(listed)}` } as const
    const words = t(hidden ? 'console.system.hidden' : 'console.system.shown')
    return htmlFragment(
      (await listAnew(asked, listed)) +
        partial(`#conversation[data-pane='system']`, 'outerMorph', await systemPane(asked, listQuery(listed))) +
        partial('#toasts', 'beforeend', <Toast t={t} words={words} undo={undo} />),
    )
  }
