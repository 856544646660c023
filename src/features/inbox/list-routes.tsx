import { Elysia } from 'elysia'
import { NoConversation } from '../../../views/console/conversation.tsx'
import { InboxList, Rows } from '../../../views/console/inbox-list.tsx'
import { wholeFolder } from '../../../views/console/inbox-row.tsx'
import { ConsolePage } from '../../../views/layout/console.tsx'
import { documentAssets } from '../../platform/http/document-assets.ts'
import { htmlFragment, isHtmx, json, page, render } from '../../platform/http/page.tsx'
import { problem } from '../../platform/http/problem.tsx'
import { unreadInAll } from '../../../views/console/list-head.tsx'
import { type Asked, type Inside, viewerOf } from '../agents/index.ts'
import { listAnew } from './list-anew.tsx'
import { choicesOf } from './list-choices.ts'
import { showSearch } from './search-routes.tsx'
import { listFor } from './list-for.ts'
import { askedRows, listBeside, listCounts, rowsPage } from './list-queries.ts'

/** The list of conversations: folders and rows. */
export const listRoutes = (inside: Inside) =>
  new Elysia({ name: 'inbox-list' })
    .onError(({ error, request }) => problem(error, request))
    .get('/inbox', inside(showInbox))
    .get('/inbox/rows', inside(showRows))
    .get('/inbox/unread', inside(showUnread))

async function showInbox(visit: Asked): Promise<Response> {
  const { agent, t, query, origin } = visit
  // The way back from what was found leads to what was found.
  if (query.q !== undefined) return showSearch(visit)
  const asked = listBeside(query)
  const { folder } = asked
  const { rows, counts } = await listFor(agent.agentId, t, asked, origin)
  return page(
    <ConsolePage
      t={t}
      assets={documentAssets('console')}
      viewer={viewerOf(agent)}
      page={t('console.folder.title', { folder: t(`console.folder.${folder}`), count: counts.in[folder] })}
      current="inbox"
      unread={unreadInAll(counts)}
      screen="list"
      list={<InboxList t={t} counts={counts} page={rows} />}
      conversation={<NoConversation t={t} />}
    />,
  )
}

/** The list again, with what stands above it. A next page comes as rows alone, and so does what a program asks for. */
async function showRows(visit: Asked): Promise<Response> {
  const { agent, t, query, request, origin } = visit
  const asked = askedRows(query)
  if (asked.before === null && isHtmx(request)) return htmlFragment(await listAnew(visit, asked))
  const choices = await choicesOf(agent.agentId, t, asked)
  return htmlFragment(render(<Rows t={t} page={await rowsPage(agent.agentId, asked, { origin, choices })} />))
}

/** For pages without the list, whose title and icon carry the number all the same. */
async function showUnread({ agent }: Asked): Promise<Response> {
  return json({ unread: unreadInAll(await listCounts(agent.agentId, wholeFolder('waiting'))) })
}
