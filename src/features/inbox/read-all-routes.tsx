import { Elysia } from 'elysia'
import { listQuery } from '../../../views/console/inbox-row.tsx'
import { isSystemListed } from '../../../views/console/system-row.tsx'
import { Toast } from '../../../views/ui/toast.tsx'
import { htmlFragment, isHtmx, json, partial } from '../../platform/http/page.tsx'
import { problem } from '../../platform/http/problem.tsx'
import { type Asked, type Inside, raw } from '../agents/index.ts'
import { readFolder, undoReadAll } from '../messages/index.ts'
import { type MovedMark, readSystem, systemStanding, unreadSystem } from '../system-messages/index.ts'
import { listAnew } from './list-anew.tsx'
import { amongOf, type AskedRows, askedRows } from './list-queries.ts'

/** Reading all that a list shows, and taking that back. */
export const readAllRoutes = (inside: Inside) =>
  new Elysia({ name: 'inbox-read-all' })
    .onError(({ error, request }) => problem(error, request))
    .post('/inbox/read-all', inside(readList), raw)
    .delete('/inbox/read-all/:id', inside(unreadList), raw)

/** Everything that is unread in the list that is shown: a filter for what is unread leaves none of it out. */
async function readList(visit: Asked): Promise<Response> {
  const { agent, t, query, request } = visit
  const asked = askedRows(query)
  const { raisedBy, conversations } = await readConversations(agent, asked)
  const system = await readSystemListed(agent.agentId, asked)
  if (!isHtmx(request)) return json({ id: raisedBy, conversations, system })
  const mark = system === null ? '' : `&system=${system.from}-${system.to}`
  const undo = {
    method: 'delete',
    address: `/inbox/read-all/${raisedBy ?? 'none'}?${listQuery(asked)}${mark}`,
  } as const
  const words =
    conversations > 0
      ? t('console.read_all.done', { count: conversations })
      : t(system === null ? 'console.read_all.nothing' : 'console.system.read_all')
  const isAnything = conversations > 0 || system !== null
  const toast = <Toast t={t} words={words} {...(isAnything ? { undo } : {})} />
  return htmlFragment((await listAnew(visit, asked)) + partial('#toasts', 'beforeend', toast))
}

async function readConversations(agent: Asked['agent'], asked: AskedRows) {
  const { folder, kind } = asked
  if (folder === 'finished' || kind === 'system') return { raisedBy: null, conversations: 0 }
  return readFolder(agent, folder, amongOf(asked))
}

/** The system's messages, where the list shows them. */
async function readSystemListed(agentId: string, asked: AskedRows): Promise<MovedMark | null> {
  const standing = await systemStanding(agentId)
  const { newest } = standing
  if (newest === null || !(asked.kind === 'system' || isSystemListed(standing, asked))) return null
  return readSystem(agentId, newest.createdAt)
}

async function unreadList(visit: Asked): Promise<Response> {
  const { agent, params, query, request } = visit
  const conversations = await undoReadAll(agent, params.id ?? '')
  const [, from, to] = /^(\d{1,15})-(\d{1,15})$/.exec(query.system ?? '') ?? []
  if (from !== undefined && to !== undefined) await unreadSystem(agent.agentId, { from: Number(from), to: Number(to) })
  if (!isHtmx(request)) return json({ conversations })
  return htmlFragment(await listAnew(visit, askedRows(query)))
}
