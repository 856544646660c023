import { type AnyElysia, Elysia } from 'elysia'
import type { Config } from '../../config.ts'
import { goTo } from '../../platform/http/page.tsx'
import { problem } from '../../platform/http/problem.tsx'
import { type Inside, insideOf, managed } from '../agents/index.ts'
import { changesRoutes } from './changes-routes.tsx'
import { chatRoutes } from './chat-routes.tsx'
import { installationRoutes } from './installation-routes.tsx'
import { previewRoutes } from './preview-routes.tsx'
import { searchRoutes } from './search-routes.tsx'
import { siteRoutes } from './site-routes.tsx'
import { sitesRoutes } from './sites-routes.tsx'

const parts: ((inside: Inside) => AnyElysia)[] = [
  chatRoutes,
  sitesRoutes,
  siteRoutes,
  changesRoutes,
  previewRoutes,
  searchRoutes,
]

/** The settings cabinet: for those who may run the shop. */
export function routes(config: Config) {
  const inside = managed(insideOf(config))
  const app = new Elysia({ name: 'cabinet' })
    .onError(({ error, request }) => problem(error, request))
    .get(
      '/settings',
      inside(async ({ request }) => goTo(request, '/settings/chat')),
    )
  for (const part of parts) app.use(part(inside))
  app.use(installationRoutes(inside, config))
  return app
}
