import { type AnyElysia, Elysia } from 'elysia'
import type { Config } from '../../config.ts'
import { fromOwnOrigin } from '../../platform/http/csrf.ts'
import { goTo } from '../../platform/http/page.tsx'
import { problem } from '../../platform/http/problem.tsx'
import { type Peer, transportOf } from '../../platform/http/session.ts'
import { refuse } from '../../platform/lib/refuse.ts'
import { type Inside, insideOf, signedIn } from '../agents/index.ts'
import { cardLinkRoutes } from './card-link-routes.tsx'
import { cardRoutes } from './card-routes.tsx'
import { cardSheetRoutes } from './card-sheet-routes.tsx'
import { ConsoleSocket } from './console-socket.ts'
import { conversationRoutes } from './conversation-routes.tsx'
import { listRoutes } from './list-routes.tsx'
import { paletteRoutes } from './palette-routes.tsx'
import { presenceRoutes } from './presence-routes.tsx'
import { pwaRoutes } from './pwa-routes.tsx'
import { readAllRoutes } from './read-all-routes.tsx'
import { searchRoutes } from './search-routes.tsx'
import { styleguideRoutes } from './styleguide-routes.tsx'
import { systemRoutes } from './system-routes.tsx'

const parts: ((inside: Inside) => AnyElysia)[] = [
  listRoutes,
  readAllRoutes,
  systemRoutes,
  searchRoutes,
  presenceRoutes,
  conversationRoutes,
  cardRoutes,
  cardSheetRoutes,
  cardLinkRoutes,
  paletteRoutes,
  pwaRoutes,
]

/** The console: folders, conversations, and the socket that keeps them alive. */
export function routes(config: Config) {
  const inside = insideOf(config)
  const app = new Elysia({ name: 'inbox' })
    .onError(({ error, request }) => problem(error, request))
    .get('/', ({ request }) => goTo(request, '/inbox'))
    .get('/live', ({ request, server }) => openSocket(config, { request, server: server as unknown as Peer }))
  for (const part of parts) app.use(part(inside))
  if (config.demo) app.use(styleguideRoutes())
  return app
}

type Upgrading = { upgrade(request: Request, options: { data: unknown; headers?: HeadersInit }): boolean }
type Context = { request: Request; server: Peer }

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
