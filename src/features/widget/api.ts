import { Elysia } from 'elysia'
import { readBody } from '../../platform/http/body.ts'
import { asRefusal } from '../../platform/http/problem.tsx'
import type { Peer } from '../../platform/http/session.ts'
import { urlOf } from '../../platform/http/url.ts'
import { chooseLocale } from '../../platform/lib/i18n.ts'
import { log } from '../../platform/lib/log.ts'
import { type Refusal, type RefusalValues, refuse } from '../../platform/lib/refuse.ts'
import { type SiteRow, siteOf } from '../sites/index.ts'
import {
  heardOverHttp,
  issueVisitorToken,
  nowKnown,
  readVisitorToken,
  standingOf,
  type VisitorActor,
} from '../visitors/index.ts'
import {
  availability,
  conversationIdOf,
  entriesPage,
  maxFrameBytes,
  pageOf,
  parseFrame,
  refusalFrame,
  siteFrame,
} from './frames.ts'
import { channelOf, type Gate, sourceOf } from './gate.ts'
import { ownConversation, readOwn } from './own-conversation.ts'
import { visitOf } from './visit.ts'
import { VisitorSocket } from './visitor-socket.ts'

const base = '/api/widget/v1'

type Asked = { request: Request; server: Peer & { upgrade?(request: Request, options: { data: unknown }): boolean } }

/** The visitor API, version 1: docs/protocol.md. */
export const visitorApi = (gate: Gate) =>
  new Elysia({ name: 'widget' })
    .options(`${base}/*`, ({ request }) => withCors(request, new Response(null, { status: 204 })))
    .post(`${base}/sessions`, (asked) => answer(asked, openSession(gate)), { parse: 'none' })
    .post(`${base}/messages`, (asked) => answer(asked, postMessage(gate)), { parse: 'none' })
    .post(`${base}/read`, (asked) => answer(asked, postRead(gate)), { parse: 'none' })
    .get(`${base}/entries`, (asked) => answer(asked, getEntries(gate)))
    .get(`${base}/socket`, (asked) => openSocket(gate, asked as Asked))
    .all(`${base}/*`, (asked) => answer(asked, () => Promise.reject(refuse('not_found'))), { parse: 'none' })

type Answer = (asked: Asked) => Promise<object>

const openSession =
  (gate: Gate): Answer =>
  async ({ request, server }) => {
    gate.admitSession(gate.ipOf(request, server))
    const { siteId, visitorToken } = parseFrame(await readBody(request, maxFrameBytes))
    const site = await siteOf(siteId)
    gate.checkOrigin(sourceOf(request), site)
    const token = keptToken(visitorToken, site) ?? issueVisitorToken(site.id)
    const visitor = await standingOf(readVisitorToken(token).visitorId)
    return { visitorToken: token, visitor, site: siteFrame(site), availability: availability(site) }
  }

/** The token that a visitor already has for this site, if it is one of ours. */
function keptToken(token: unknown, site: SiteRow): string | null {
  if (token === undefined || token === null) return null
  try {
    return readVisitorToken(token).siteId === site.id ? (token as string) : null
  } catch {
    return null
  }
}

const postMessage =
  (gate: Gate): Answer =>
  async ({ request, server }) => {
    const visitor = await visitorOf(gate, request)
    const { clientId, body, kind, form, page, conversationId, visit } = parseFrame(
      await readBody(request, maxFrameBytes),
    )
    const source = sourceOf(request)
    const message = {
      ...{ clientId, body, kind, form, page: pageOf(page), channel: channelOf(source) },
      conversationId: conversationIdOf(conversationId),
    }
    // Before it is sent: with the first message it is kept.
    heardOverHttp(visitor, visitOf({ page, ...Object(visit) }, source.userAgent), false)
    const { ack } = await gate.send(visitor, gate.ipOf(request, server), message)
    nowKnown(visitor.visitorId)
    return ack
  }

const postRead =
  (gate: Gate): Answer =>
  async ({ request }) => {
    const visitor = await visitorOf(gate, request)
    gate.admitAsk(visitor.visitorId)
    const { seq, conversationId } = parseFrame(await readBody(request, maxFrameBytes))
    await readOwn(visitor, conversationId, seq)
    return {}
  }

const getEntries =
  (gate: Gate): Answer =>
  async ({ request }) => {
    const visitor = await visitorOf(gate, request)
    gate.admitAsk(visitor.visitorId)
    const { searchParams } = urlOf(request)
    const since = wholeNumber(searchParams.get('since') ?? '0')
    const wanted = conversationIdOf(searchParams.get('conversation'))
    const conversation = await ownConversation(visitor, wanted)
    heardOverHttp(visitor, visitOf(null, request.headers.get('user-agent')), conversation !== undefined)
    const [site, standing] = await Promise.all([siteOf(visitor.siteId), standingOf(visitor.visitorId)])
    const around = { visitor: standing, site: siteFrame(site), availability: availability(site) }
    if (!conversation)
      return { conversationId: null, from: since, to: since, items: [], more: false, readSeq: 0, ...around }
    return {
      ...(await entriesPage(conversation, since)),
      seq: conversation.lastPublicSeq,
      state: conversation.state,
      ...around,
    }
  }

/** Who asks, by their bearer token. Refuses `token_invalid` and `origin_refused`. */
async function visitorOf(gate: Gate, request: Request): Promise<VisitorActor> {
  const [scheme, token] = (request.headers.get('authorization') ?? '').split(' ')
  if (scheme?.toLowerCase() !== 'bearer') throw refuse('token_invalid')
  const visitor = readVisitorToken(token)
  gate.checkOrigin(sourceOf(request), await siteOf(visitor.siteId))
  return visitor
}

function wholeNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw refuse('bad_request')
  return Number(text)
}

async function answer(asked: unknown, handle: Answer): Promise<Response> {
  const { request } = asked as Asked
  try {
    return withCors(request, Response.json(await handle(asked as Asked), { headers: { 'cache-control': 'no-store' } }))
  } catch (error) {
    const refusal = asRefusal(error)
    if (refusal.code === 'internal_error')
      log.error('a visitor request failed', { path: urlOf(request).pathname, error })
    return refusalResponse(request, refusal)
  }
}

function refusalResponse(request: Request, refusal: Refusal): Response {
  const frame = refusalFrame(refusal, chooseLocale(request.headers.get('accept-language')))
  const after = refusal.retryAfterMs
  const headers = {
    'cache-control': 'no-store',
    ...(after === undefined ? {} : { 'retry-after': `${Math.ceil(after / 1000)}` }),
  }
  const response = Response.json(frame, { status: refusal.status, headers })
  // Without the header the page's own code could not read why it was refused; an origin that may not talk to us may not either.
  return refusal.code === 'origin_refused' ? response : withCors(request, response)
}

/** Lets a shop's page read the answer. No cookie is ever read here, so naming the origin gives nothing away. */
function withCors(request: Request, response: Response): Response {
  const origin = request.headers.get('origin')
  if (origin === null || origin === 'null') return response
  response.headers.set('access-control-allow-origin', origin)
  response.headers.set('vary', 'origin')
  if (request.method === 'OPTIONS') {
    response.headers.set('access-control-allow-methods', 'GET, POST')
    response.headers.set('access-control-allow-headers', 'authorization, content-type')
    response.headers.set('access-control-max-age', '86400')
  }
  return response
}

function openSocket(gate: Gate, { request, server }: Asked): Response | undefined {
  const refused = (code: 'origin_refused' | 'rate_limited' | 'bad_request', values?: RefusalValues) =>
    refusalResponse(request, refuse(code, values))
  if (request.headers.get('origin') === 'null') return refused('origin_refused')
  const ip = gate.ipOf(request, server)
  if (!gate.enterSocket(ip)) return refused('rate_limited', { retryAfterMs: 10_000 })
  const socket = new VisitorSocket(gate, sourceOf(request), ip, chooseLocale(request.headers.get('accept-language')))
  if (server?.upgrade?.(request, { data: socket })) return undefined
  gate.leaveSocket(ip)
  return refused('bad_request')
}
