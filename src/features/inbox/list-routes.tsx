import { Elysia } from 'elysia'
import { NoConversation } from '../../../views/console/conversation.tsx'
import { Folders, InboxList, Rows } from '../../../views/console/inbox-list.tsx'
import { ConsolePage } from '../../../views/layout/console.tsx'
import { documentAssets } from '../../platform/http/document-assets.ts'
import { htmlFragment, isHtmx, page, render } from '../../platform/http/page.tsx'
import { problem } from '../../platform/http/problem.tsx'
import { viewerOf } from '../agents/index.ts'
import type { Asked, Inside } from './asked.ts'
import { partial } from './fragments.tsx'
import { askedRows, counts, rowsPage } from './queries.ts'
import { shared } from './shared-answers.ts'

/** The list of conversations: folders, rows, and what is done to many of them at once. */
export const listRoutes = (inside: Inside) =>
  new Elysia({ name: 'inbox-list' })
    .onError(({ error, request }) => problem(error, request))
    .get('/inbox', inside(showInbox))
    .get('/inbox/rows', inside(showRows))

async function showInbox({ agent, t, query, origin }: Asked): Promise<Response> {
  const asked = askedRows({ folder: query.folder })
  const [rows, count] = await Promise.all([rowsPage(agent.agentId, asked, origin), counts(agent.agentId)])
  const title = t('console.folder.title', { folder: t(`console.folder.${asked.folder}`), count: count[asked.folder] })
  return page(
    <ConsolePage
      t={t}
      assets={documentAssets('console')}
      viewer={viewerOf(agent)}
      page={title}
      current="inbox"
      screen="list"
      list={<InboxList t={t} counts={count} page={rows} alone />}
      conversation={<NoConversation t={t} />}
    />,
  )
}

/**
 * The list again: rows, and the folders' counts beside them. A next page comes as rows alone. What is the same for all
 * and asked for by a poke is made once; a folder of one's own is not, nor is what a program asks for.
 */
async function showRows({ agent, t, query, request, origin }: Asked): Promise<Response> {
  const asked = askedRows(query)
  const make = async () => render(<Rows t={t} page={await rowsPage(agent.agentId, asked, origin)} />)
  if (asked.before !== null || !isHtmx(request)) return htmlFragment(await make())
  const question = [asked.folder, asked.limit, t.locale, origin].join(' ')
  const rows = asked.folder === 'active' ? make() : shared(question, make)
  const folders = <Folders t={t} counts={await counts(agent.agentId)} current={asked.folder} />
  return htmlFragment(partialOf('#rows', 'innerMorph', await rows) + partial('#folders', 'innerMorph', folders))
}

const partialOf = (target: string, swap: string, html: string): string =>
  `<hx-partial hx-target="${target}" hx-swap="${swap}">${html}</hx-partial>`
