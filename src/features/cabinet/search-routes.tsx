import { Elysia } from 'elysia'
import { SettingsFound } from '../../../views/settings/cabinet.tsx'
import { SettingsSearch } from '../../../views/settings/search.tsx'
import { documentAssets } from '../../platform/http/document-assets.ts'
import { fragment, isHtmx, page } from '../../platform/http/page.tsx'
import { problem } from '../../platform/http/problem.tsx'
import { cut } from '../../platform/lib/text.ts'
import { type Asked, type Inside, viewerOf } from '../agents/index.ts'

const longestQuery = 100

/** What can be set, found by its name. */
export const searchRoutes = (inside: Inside) =>
  new Elysia({ name: 'cabinet-search' })
    .onError(({ error, request }) => problem(error, request))
    .get('/settings/search', inside(search))

async function search({ agent, t, query, request }: Asked): Promise<Response> {
  const q = cut(query.q ?? '', longestQuery)
  if (isHtmx(request)) return fragment(<SettingsFound t={t} q={q} />)
  return page(<SettingsSearch t={t} assets={documentAssets('settings')} viewer={viewerOf(agent)} q={q} />)
}
