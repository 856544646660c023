import { Elysia } from 'elysia'
import type { VNode } from 'preact'
import { CardPane } from '../../../views/console/card.tsx'
import { Actions, ConversationPane, Earlier, UnknownConversation, Who } from '../../../views/console/conversation.tsx'
import { InboxList } from '../../../views/console/inbox-list.tsx'
import { unreadInAll } from '../../../views/console/list-head.tsx'
import { MessageRow } from '../../../views/console/message-row.tsx'
import { ConsolePage } from '../../../views/layout/console.tsx'
import { documentAssets } from '../../platform/http/document-assets.ts'
import { readFields } from '../../platform/http/form.ts'
import { fragment, goTo, htmlFragment, isHtmx, json, page, render, wantsJson } from '../../platform/http/page.tsx'
import { problem } from '../../platform/http/problem.tsx'
import { newSecret } from '../../platform/lib/id.ts'
import { refuse } from '../../platform/lib/refuse.ts'
import { type Visit, viewerOf } from '../agents/index.ts'
import {
  type ConversationRow,
  findConversation,
  finishConversation,
  type Folder,
  reopenConversation,
  takeConversation,
} from '../conversations/index.ts'
import { listEntries, readUpTo, sendMessage } from '../messages/index.ts'
import { listSites } from '../sites/index.ts'
import { type Asked, type Inside, raw } from './asked.ts'
import { askedCard, cardOf } from './card-queries.ts'
import { inConversation, partial } from './fragments.tsx'
import { folderOf, listBeside, listCounts, rowsPage } from './list-queries.ts'
import { contactOf, conversationAt, entriesAround, holderOf, openLog } from './queries.ts'

/** One conversation: its page, its log, and what is done with it. */
export const conversationRoutes = (inside: Inside) =>
  new Elysia({ name: 'inbox-conversation' })
    .onError(({ error, request }) => problem(error, request))
    .get('/c/:id', inside(showConversation))
    .get('/c/:id/entries', inside(showEntries))
    .get('/c/:id/actions', inside(showActions))
    .post('/c/:id/messages', inside(postMessage), raw)
    .put('/c/:id/take', inside(take), raw)
    .put('/c/:id/closure', inside(finish), raw)
    .delete('/c/:id/closure', inside(reopen), raw)
    .put('/c/:id/read', inside(putRead), raw)

/** A conversation beside the list of its folder; to a page that is open already, the conversation's own panes alone. */
async function showConversation(asked: Asked): Promise<Response> {
  const { agent, t, params, query, origin, request } = asked
  const conversation = await findConversation(params.id ?? '')
  const folder = query.folder === undefined && conversation ? conversation.state : folderOf(query.folder)
  const [pane, card] = conversation
    ? await Promise.all([conversationPane(asked, conversation, folder), cardPane(asked, conversation)])
    : [<UnknownConversation t={t} />]
  const status = conversation ? 200 : 404
  if (isHtmx(request)) return fragment(card ? [pane, card] : pane, { status })
  const [rows, counts] = await Promise.all([
    rowsPage(agent.agentId, listBeside(query, folder), origin),
    listCounts(agent.agentId),
  ])
  return page(
    <ConsolePage
      t={t}
      assets={documentAssets('console')}
      viewer={viewerOf(agent)}
      page={t(`console.folder.${folder}`)}
      current="inbox"
      unread={unreadInAll(counts)}
      screen={card && query.show === 'card' ? 'card' : 'conversation'}
      list={<InboxList t={t} counts={counts} page={rows} />}
      conversation={pane}
      {...(card && { card })}
    />,
    { status },
  )
}

async function conversationPane({ agent, t }: Asked, conversation: ConversationRow, folder: Folder) {
  const [sites, holder, contact, log] = await Promise.all([
    listSites(),
    holderOf(conversation, agent.agentId),
    contactOf(conversation),
    openLog(conversation.id),
  ])
  const siteName = sites.find(({ id }) => id === conversation.siteId)?.name ?? ''
  const open = { conversation, contact, siteName, folder, holder, clientId: newSecret(16), ...log }
  return <ConversationPane t={t} open={open} />
}

async function cardPane({ t, query }: Asked, conversation: ConversationRow) {
  return <CardPane t={t} card={await cardOf(conversation, askedCard(query))} />
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
async function take({ agent, t, params, request }: Asked): Promise<Response> {
  const { id } = await conversationAt(params.id ?? '')
  const conversation = await takeConversation(agent, id)
  if (wantsJson(request)) return json(stateOf(conversation))
  return opened(request, conversation, await actionsOf(agent.agentId, t, conversation))
}

/** Where it stands now: a page goes there in place, with the actions as they are from now on. */
function opened(request: Request, { id }: ConversationRow, actions: VNode): Response {
  const address = `/c/${id}?folder=active`
  if (!isHtmx(request)) return goTo(request, address)
  const headers = { 'HX-Trigger': JSON.stringify({ visit: { target: 'body', address } }) }
  return htmlFragment(partial(inConversation(id, '#actions'), 'outerMorph', actions), { headers })
}

async function finish({ agent, t, params, request }: Asked): Promise<Response> {
  const { id } = await conversationAt(params.id ?? '')
  const conversation = await finishConversation(agent, id)
  if (wantsJson(request)) return json(stateOf(conversation))
  return fragment(await actionsOf(agent.agentId, t, conversation))
}

async function reopen({ agent, t, params, request }: Asked): Promise<Response> {
  const { id } = await conversationAt(params.id ?? '')
  const conversation = await reopenConversation(agent, id)
  if (wantsJson(request)) return json(stateOf(conversation))
  return opened(request, conversation, await actionsOf(agent.agentId, t, conversation))
}

const stateOf = ({ id, state, agentId, lastSeq }: ConversationRow) => ({ conversationId: id, state, agentId, lastSeq })

async function putRead({ agent, params, request }: Asked): Promise<Response> {
  const { seq } = await readFields(request)
  const { id } = await conversationAt(params.id ?? '')
  await readUpTo(agent, { conversationId: id, seq: typeof seq === 'string' && seq !== '' ? Number(seq) : seq })
  return wantsJson(request) ? json({}) : new Response(null, { status: 204 })
}
