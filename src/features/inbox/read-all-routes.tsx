import { Elysia } from 'elysia'
import { Toast } from '../../../views/ui/toast.tsx'
import { htmlFragment, isHtmx, json, partial } from '../../platform/http/page.tsx'
import { problem } from '../../platform/http/problem.tsx'
import { type Asked, type Inside, raw } from '../agents/index.ts'
import { readFolder, undoReadAll } from '../messages/index.ts'
import { listAnew } from './list-anew.tsx'
import { askedRows } from './list-queries.ts'

/** Reading all that a list shows, and taking that back. */
export const readAllRoutes = (inside: Inside) =>
  new Elysia({ name: 'inbox-read-all' })
    .onError(({ error, request }) => problem(error, request))
    .post('/inbox/read-all', inside(readList), raw)
    .delete('/inbox/read-all/:id', inside(unreadList), raw)

/** Everything that is unread in the folder: a filter for what is unread leaves none of it out. */
async function readList(visit: Asked): Promise<Response> {
  const { agent, t, query, request } = visit
  const asked = askedRows(query)
  const { folder } = asked
  const { raisedBy, conversations } =
    folder === 'finished' ? { raisedBy: null, conversations: 0 } : await readFolder(agent, folder)
  if (!isHtmx(request)) return json({ id: raisedBy, conversations })
  const undo = { method: 'delete', address: `/inbox/read-all/${raisedBy}?${listOf(request)}` } as const
  const toast =
    conversations === 0 ? (
      <Toast t={t} words={t('console.read_all.nothing')} />
    ) : (
      <Toast t={t} words={t('console.read_all.done', { count: conversations })} undo={undo} />
    )
  return htmlFragment((await listAnew(visit, asked)) + partial('#toasts', 'beforeend', toast))
}

async function unreadList(visit: Asked): Promise<Response> {
  const { agent, params, query, request } = visit
  const conversations = await undoReadAll(agent, params.id ?? '')
  if (!isHtmx(request)) return json({ conversations })
  return htmlFragment(await listAnew(visit, askedRows(query)))
}

const listOf = (request: Request): string => new URL(request.url).search.slice(1)
