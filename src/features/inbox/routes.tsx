import { Elysia } from 'elysia'
import type { Config } from '../../config.ts'
import { Actions, ConversationPane, Earlier, NoConversation, Who } from '../../../views/console/conversation.tsx'
import { Folders, InboxList, Rows } from '../../../views/console/inbox-list.tsx'
import { MessageRow } from '../../../views/console/message-row.tsx'
import { ConsolePage } from '../../../views/layout/console.tsx'
import { fromOwnOrigin } from '../../platform/http/csrf.ts'
import { documentAssets } from '../../platform/http/document-assets.ts'
import { readFields } from '../../platform/http/form.ts'
import { fragment, goTo, htmlFragment, isHtmx, json, page, render, wantsJson } from '../../platform/http/page.tsx'
import { problem } from '../../platform/http/problem.tsx'
import { ownOrigin, type Peer, transportOf } from '../../platform/http/session.ts'
import { newSecret } from '../../platform/lib/id.ts'
import { refuse } from '../../platform/lib/refuse.ts'
import { signedIn, type Visit, viewerOf } from '../agents/index.ts'
import {
  type ConversationRow,
  finishConversation,
  reopenConversation,
  takeConversation,
} from '../conversations/index.ts'
import { listEntries, readUpTo, sendMessage } from '../messages/index.ts'
import { ConsoleSocket } from './console-socket.ts'
import { partial } from './fragments.tsx'
import {
  askedRows,
  contactOf,
  conversationAt,
  counts,
  entriesAround,
  folderOf,
  holderOf,
  openLog,
  rowsPage,
  rowsOnPage,
} from './queries.ts'
import { shared } from './shared-answers.ts'
import { changeChat, showSites } from './sites-pages.tsx'

type Asked = Visit & {
  request: Request
  server: Peer
  params: Record<string, string>
  query: Record<string, string | undefined>
}
type Context = Omit<Asked, keyof Visit>

// The framework's own parsing has no bound; `readFields` has.
const raw = { parse: 'none' } as const

/** The console: folders, conversations, and the socket that keeps them alive. */
export function routes(config: Config) {
  const inside = (work: (asked: Asked) => Promise<Response>) => (context: unknown) => {
    const { request, server, params, query } = context as Context
    return signedIn(request, server, config, (visit) => work({ ...visit, request, server, params, query }))
  }
  const origin = ({ request, server }: Asked) => ownOrigin(request, server, config)
  return new Elysia({ name: 'inbox' })
    .onError(({ error, request }) => problem(error, request))
    .get('/', ({ request }) => goTo(request, '/inbox'))
    .get(
      '/inbox',
      inside((asked) => showInbox(asked, origin(asked))),
    )
    .get(
      '/inbox/rows',
      inside((asked) => showRows(asked, origin(asked))),
    )
    .get(
      '/c/:id',
      inside((asked) => showConversation(asked, origin(asked))),
    )
    .get('/c/:id/entries', inside(showEntries))
    .get('/c/:id/actions', inside(showActions))
    .post('/c/:id/messages', inside(postMessage), raw)
    .put('/c/:id/take', inside(take), raw)
    .put('/c/:id/closure', inside(finish), raw)
    .delete('/c/:id/closure', inside(reopen), raw)
    .put('/c/:id/read', inside(putRead), raw)
    .get(
      '/settings/sites',
      inside((asked) => showSites(asked, origin(asked))),
    )
    .put(
      '/settings/sites/:id/chat',
      inside((asked) => changeChat(asked, asked.request, asked.params.id ?? '', true)),
      raw,
    )
    .delete(
      '/settings/sites/:id/chat',
      inside((asked) => changeChat(asked, asked.request, asked.params.id ?? '', false)),
      raw,
    )
    .get('/live', (context) => openSocket(config, context as unknown as Context))
}

async function showInbox({ agent, t, query }: Asked, origin: string): Promise<Response> {
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
async function showRows({ agent, t, query, request }: Asked, origin: string): Promise<Response> {
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

async function showConversation({ agent, t, params, query }: Asked, origin: string): Promise<Response> {
  const conversation = await conversationAt(params.id ?? '')
  const folder = query.folder === undefined ? conversation.state : folderOf(query.folder)
  const [rows, count, holder, contact, log] = await Promise.all([
    rowsPage(agent.agentId, { folder, before: null, limit: rowsOnPage }, origin),
    counts(agent.agentId),
    holderOf(conversation, agent.agentId),
    contactOf(conversation),
    openLog(conversation.id),
  ])
  const siteName = rows.siteNames.get(conversation.siteId) ?? ''
  const open = { conversation, contact, siteName, folder, holder, clientId: newSecret(16), ...log }
  return page(
    <ConsolePage
      t={t}
      assets={documentAssets('console')}
      viewer={viewerOf(agent)}
      page={t(`console.folder.${folder}`)}
      current="inbox"
      screen="conversation"
      list={<InboxList t={t} counts={count} page={rows} alone={false} />}
      conversation={<ConversationPane t={t} open={open} />}
    />,
  )
}

/** Entries for a page that is open: what came `after`, or the ones `before` with the way to those before them. */
async function showEntries({ t, params, query, request }: Asked): Promise<Response> {
  const conversation = await conversationAt(params.id ?? '')
  const { entries, before } = await entriesAround(conversation.id, query)
  if (wantsJson(request))
    return json({ conversationId: conversation.id, items: entries, lastSeq: conversation.lastSeq })
  const rows = entries.map((entry) => <MessageRow key={entry.seq} t={t} entry={entry} />)
  if (!before) return fragment(rows)
  const first = entries[0]?.seq ?? 1
  const way = first > 1 ? [<Earlier t={t} id={conversation.id} before={first} />] : []
  return htmlFragment(partial('#messages', 'afterbegin', rows) + partial('#earlier', 'innerHTML', way))
}

/** The actions as they are now, and beside them whom they are about. */
async function showActions({ agent, t, params }: Asked): Promise<Response> {
  const conversation = await conversationAt(params.id ?? '')
  const [actions, contact] = await Promise.all([actionsOf(agent.agentId, t, conversation), contactOf(conversation)])
  const who = <Who t={t} visitorId={conversation.visitorId} contact={contact} />
  return htmlFragment(render(actions) + partial('#who', 'innerHTML', who))
}

async function actionsOf(viewerId: string, t: Visit['t'], conversation: ConversationRow) {
  return <Actions t={t} conversation={conversation} holder={await holderOf(conversation, viewerId)} />
}

async function postMessage({ agent, t, params, request }: Asked): Promise<Response> {
  const { clientId, body } = await readFields(request)
  const { id } = await conversationAt(params.id ?? '')
  const ack = await sendMessage(agent, { clientId, body: withoutCarriageReturns(body), conversationId: id })
  if (wantsJson(request)) return json(ack)
  if (!isHtmx(request)) return goTo(request, `/c/${ack.conversationId}`)
  const [entry] = await listEntries(ack.conversationId, { after: ack.seq - 1, limit: 1 })
  if (!entry) throw refuse('internal_error')
  return fragment(<MessageRow t={t} entry={entry} />)
}

/** Forms send line ends as CR LF, whatever was typed; the script sends what was typed. Both must mean one text. */
const withoutCarriageReturns = (body: unknown): unknown =>
  typeof body === 'string' ? body.replaceAll('\r\n', '\n') : body

/** Taking opens: the window goes to the conversation, unless it shows it already. */
async function take({ agent, params, request }: Asked): Promise<Response> {
  const { id } = await conversationAt(params.id ?? '')
  const conversation = await takeConversation(agent, id)
  if (wantsJson(request)) return json(stateOf(conversation))
  return goTo(request, `/c/${id}?folder=active`)
}

async function finish({ agent, t, params, request }: Asked): Promise<Response> {
  const { id } = await conversationAt(params.id ?? '')
  const conversation = await finishConversation(agent, id)
  if (wantsJson(request)) return json(stateOf(conversation))
  return fragment(await actionsOf(agent.agentId, t, conversation))
}

async function reopen({ agent, params, request }: Asked): Promise<Response> {
  const { id } = await conversationAt(params.id ?? '')
  const conversation = await reopenConversation(agent, id)
  if (wantsJson(request)) return json(stateOf(conversation))
  return goTo(request, `/c/${id}?folder=active`)
}

const stateOf = ({ id, state, agentId, lastSeq }: ConversationRow) => ({ conversationId: id, state, agentId, lastSeq })

async function putRead({ agent, params, request }: Asked): Promise<Response> {
  const { seq } = await readFields(request)
  const { id } = await conversationAt(params.id ?? '')
  await readUpTo(agent, { conversationId: id, seq: typeof seq === 'string' && seq !== '' ? Number(seq) : seq })
  return wantsJson(request) ? json({}) : new Response(null, { status: 204 })
}

type Upgrading = { upgrade(request: Request, options: { data: unknown; headers?: HeadersInit }): boolean }

/** Only a page of our own origin may listen in: whoever has no Origin is no page. */
async function openSocket(config: Config, { request, server }: Context): Promise<Response | undefined> {
  const origin = request.headers.get('origin') ?? ''
  // Where we speak https, a page of our host that came by http may have been written by whoever sits in between.
  const downgraded = transportOf(request, server, config) === 'https' && !origin.startsWith('https:')
  if (downgraded || !fromOwnOrigin(request, config.publicUrl)) return problem(refuse('origin_refused'), request)
  let opened = false
  const answer = await signedIn(request, server, config, async ({ agent, t, cookie }) => {
    const socket = new ConsoleSocket(agent, t.locale)
    const headers = new Headers(cookie === null ? [] : [['Set-Cookie', cookie]])
    opened = (server as unknown as Upgrading).upgrade(request, { data: socket, headers })
    if (!opened) throw refuse('bad_request')
    return new Response(null)
  })
  return opened ? undefined : answer
}
