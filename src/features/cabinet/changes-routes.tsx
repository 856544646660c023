import { Elysia } from 'elysia'
import { ChangesOf } from '../../../views/settings/changes.tsx'
import { documentAssets } from '../../platform/http/document-assets.ts'
import { page } from '../../platform/http/page.tsx'
import { problem } from '../../platform/http/problem.tsx'
import { isId } from '../../platform/lib/id.ts'
import { refuse } from '../../platform/lib/refuse.ts'
import { type Asked, type Inside, viewerOf } from '../agents/index.ts'
import { cabinetPages, type ChangeCursor, listChanges } from '../settings/index.ts'
import { shownChanges } from './shown-changes.ts'

const onAPage = 30

/** Who changed what in the cabinet, and when. */
export const changesRoutes = (inside: Inside) =>
  new Elysia({ name: 'cabinet-changes' })
    .onError(({ error, request }) => problem(error, request))
    .get('/settings/changes', inside(showChanges))

async function showChanges({ agent, t, query }: Asked): Promise<Response> {
  const of = cabinetPages.find((name) => name === query.page)
  if (!of) throw refuse('not_found')
  const before = query.before === undefined ? null : cursorFrom(query.before)
  const found = await listChanges(of, before, onAPage + 1)
  const changes = await shownChanges(found.slice(0, onAPage))
  const last = changes.at(-1)
  const next = found.length > onAPage && last ? `${last.at}.${last.id}` : null
  return page(
    <ChangesOf
      t={t}
      assets={documentAssets('settings')}
      viewer={viewerOf(agent)}
      of={of}
      found={{ changes, first: before === null, next }}
    />,
  )
}

/** The place of a change in the list, as its address tells it. Refuses `bad_request`. */
function cursorFrom(text: string): ChangeCursor {
  const [, at = '', id = ''] = /^(\d{1,15})\.(.+)$/.exec(text) ?? []
  if (at === '' || !isId(id)) throw refuse('bad_request')
  return { at: Number(at), id }
}
