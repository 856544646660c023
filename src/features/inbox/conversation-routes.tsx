import { Elysia } from 'elysia'
import type { VNode } from 'preact'
import { Actions, Who } from '../../../views/console/actions.tsx'
import { CardPane } from '../../../views/console/card.tsx'
import { ConversationPane, UnknownConversation } from '../../../views/console/conversation.tsx'
import { InboxList } from '../../../views/console/inbox-list.tsx'
import { unreadInAll } from '../../../views/console/list-head.tsx'
import { MessageRow } from '../../../views/console/message-row.tsx'
import { ReplyHintLine } from '../../../views/console/reply-hint.tsx'
import { SearchList } from '../../../views/console/search-list.tsx'
import { Where } from '../../../views/console/where.tsx'
import { ConsolePage } from '../../../views/layout/console.tsx'
import { Toast } from '../../../views/ui/toast.tsx'
import { asset } from '../../platform/http/assets.ts'
import { documentAssets } from '../../platform/http/document-assets.ts'
import { readFields } from '../../platform/http/form.ts'
import {
  fragment,
  goTo,
  htmlFragment,
  isHtmx,
  json,
  page,
  partial,
  render,
  wantsJson,
} from '../../platform/http/page.tsx'
import { problem } from '../../platform/http/problem.tsx'
import { newSecret } from '../../platform/lib/id.ts'
import { refuse } from '../../platform/lib/refuse.ts'
import { type Asked, type Inside, raw, viewerOf, type Visit } from '../agents/index.ts'
import {
  type ConversationRow,
  findConversation,
  finishConversation,
  type Folder,
  reopenConversation,
  takeConversation,
} from '../conversations/index.ts'
import { replyHintOf } from '../mail/index.ts'
import { listEntries, readUpTo, sendMessage } from '../messages/index.ts'
import { askedCard, cardOf } from './card-queries.ts'
import { inConversation } from './fragments.tsx'
import { listFor } from './list-for.ts'
import { folderOf, listBeside } from './list-queries.ts'
import { searchFor } from './search-routes.tsx'
import { contactOf, conversationAt, holderOf } from './queries.ts'
import { openLog, stretchOf } from './stretches.ts'
import { whereOf } from './where.ts'

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
  const { agent, t, params, query, request } = asked
  const conversation = await findConversation(params.id ?? '')
  const folder = query.folder === undefined && conversation ? conversation.state : folderOf(query.folder)
  const [pane, card] = conversation
    ? await Promise.all([conversationPane(asked, conversation, folder), cardPane(asked, conversation)])
    : [<UnknownConversation t={t} />]
  const status = conversation ? 200 : 404
  if (isHtmx(request)) return fragment(card ? [pane, card] : pane, { status })
  const beside = await paneBeside(asked, folder)
  return page(
    <ConsolePage
      t={t}
      assets={documentAssets('console')}
      viewer={viewerOf(agent)}
      page={t(`console.folder.${folder}`)}
      current="inbox"
      unread={beside.unread}
      screen={card && query.show === 'card' ? 'card' : 'conversation'}
      list={beside.list}
      conversation={pane}
      {...(card && { card })}
    />,
    { status },
  )
}

/** The list of the address, or what was found by its query. */
async function paneBeside(asked: Asked, folder: Folder): Promise<{ list: VNode; unread: number }> {
  const { agent, t, query, origin } = asked
  if (query.q !== undefined) {
    const found = await searchFor(asked)
    return { list: <SearchList {...found} />, unread: found.unread }
  }
  const { rows, counts } = await listFor(agent.agentId, t, listBeside(query, folder), origin)
  return { list: <InboxList t={t} counts={counts} page={rows} />, unread: unreadInAll(counts) }
}

async function conversationPane({ agent, t, query, request }: Asked, conversation: ConversationRow, folder: Folder) {
  const [where, holder, contact, hint, log] = await Promise.all([
    whereOf(conversation),
    holderOf(conversation, agent.agentId),
    contactOf(conversation),
    replyHintOf(conversation),
    openLog(conversation, agent.agentId, query),
  ])
  const open = {
    conversation,
    contact,
    where,
    list: listPart(request, folder),
    holder,
    hint,
    clientId: newSecret(16),
    ...log,
  }
  const scripts = { emoji: asset(`emoji-${t.locale}.js`), templates: asset('template-panel.js') }
  return <ConversationPane t={t} open={open} scripts={scripts} />
}

async function cardPane({ t, query }: Asked, conversation: ConversationRow) {
  return <CardPane t={t} card={await cardOf(conversation, askedCard(query))} />
}

/** What of an address is about the list beside the conversation: the links of the pane keep it. */
function listPart(request: Request, folder: Folder): string {
  const params = new URL(request.url).searchParams
  for (const name of ['at', 'stream', 'show', 'past', 'history', 'm']) params.delete(name)
  params.set('folder', folder)
  return params.toString()
}

/** Entries for a page that is open. `X-Entries` tells which of the log they are: `from-to/lastSeq`. */
async function showEntries({ t, params, query, request }: Asked): Promise<Response> {
  const conversation = await conversationAt(params.id ?? '')
  const { entries, from, to, lastSeq } = await stretchOf(conversation, query)
  if (wantsJson(request))
    return json({ conversationId: conversation.id, items: entries, lastSeq: conversation.lastSeq })
  const rows = entries.map((entry) => <MessageRow key={entry.seq} t={t} entry={entry} />)
  return fragment(rows, { headers: { 'X-Entries': `${from}-${to}/${lastSeq}` } })
}

/** The actions as they are now, and beside them whom they are about, and where that is. */
async function showActions({ agent, t, params }: Asked): Promise<Response> {
  const conversation = await conversationAt(params.id ?? '')
  const [actions, contact, where, hint] = await Promise.all([
    actionsOf(agent.agentId, t, conversation),
    contactOf(conversation),
    whereOf(conversation),
    replyHintOf(conversation),
  ])
  const line = <ReplyHintLine t={t} hint={hint} />
  const who = <Who t={t} visitorId={conversation.visitorId} contact={contact} />
  const beside = partial(inConversation(conversation.id, '#who'), 'innerHTML', who)
  return htmlFragment(
    render(actions) +
      beside +
      partial(inConversation(conversation.id, '#where'), 'innerMorph', <Where t={t} {...where} />) +
      partial(inConversation(conversation.id, '#reply-hint'), 'innerMorph', line),
  )
}

async function actionsOf(viewerId: string, t: Visit['t'], conversation: ConversationRow): Promise<VNode> {
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

/** What was finished by mistake is open again at a press, for as long as it is said. */
async function finish({ agent, t, params, request }: Asked): Promise<Response> {
  const { id, state } = await conversationAt(params.id ?? '')
  const conversation = await finishConversation(agent, id)
  if (wantsJson(request)) return json(stateOf(conversation))
  const actions = partial(inConversation(id, '#actions'), 'outerMorph', await actionsOf(agent.agentId, t, conversation))
  if (state === 'finished') return htmlFragment(actions)
  const undo = { method: 'delete', address: `/c/${id}/closure` } as const
  const said = <Toast t={t} words={t('console.finished')} undo={undo} />
  return htmlFragment(actions + partial('#toasts', 'beforeend', said))
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
