import { Elysia } from 'elysia'
import type { Config } from '../../config.ts'
import { OwnAccountPage } from '../../../views/account/own.tsx'
import { SetUpPage } from '../../../views/account/set-up.tsx'
import { SignInPage } from '../../../views/account/sign-in.tsx'
import { refuseCrossSite } from '../../platform/http/csrf.ts'
import { documentAssets } from '../../platform/http/document-assets.ts'
import { type Fields, readFields } from '../../platform/http/form.ts'
import { clientIp } from '../../platform/http/limits.ts'
import { isHtmx, json, page, wantsJson } from '../../platform/http/page.tsx'
import { problem, sentenceOf } from '../../platform/http/problem.tsx'
import { cookieLine, mayCarrySecrets, type Peer, readCookie, transportOf } from '../../platform/http/session.ts'
import { chooseLocale, isLocale, type Translate, translator } from '../../platform/lib/i18n.ts'
import { Refusal, refuse } from '../../platform/lib/refuse.ts'
import { chooseOwnLocale } from './choose-locale.ts'
import { chooseOwnTheme } from './choose-theme.ts'
import { deviceCookie, sessionCookie, signedIn, viewerOf } from './enter.ts'
import { minPasswordLength } from './rules.ts'
import { themes } from './schema.ts'
import { endSession, findSession } from './sessions.ts'
import { checkSetupToken, setUp } from './set-up.ts'
import { signIn } from './sign-in.ts'

/** Set-up, sign-in, sign-out, and an agent's own account. */
export const routes = (config: Config) =>
  new Elysia({ name: 'agents' })
    .onError(({ error, request }) => problem(error, request))
    .get('/setup', ({ request, server, query }) => showSetUp(request, server, config, query.token ?? ''))
    .post('/setup', ({ request, server }) => doSetUp(request, server, config), raw)
    .get('/sign-in', ({ request, server, query }) => showSignIn(request, server, config, query.next ?? ''))
    .post('/sign-in', ({ request, server }) => doSignIn(request, server, config), raw)
    .post('/sign-out', ({ request, server }) => doSignOut(request, server, config), raw)
    .get('/session', ({ request, server }) => showSession(request, server, config))
    .get('/account', ({ request, server }) => showAccount(request, server, config))
    .post('/account/locale', ({ request, server }) => saveLocale(request, server, config), raw)
    .put('/account/theme', ({ request, server }) => saveTheme(request, server, config), raw)
    .post('/account/theme', ({ request, server }) => saveTheme(request, server, config), raw)

// The framework's own parsing has no bound; `readFields` has.
const raw = { parse: 'none' } as const

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
const askedIn = (request: Request): Translate => translator(chooseLocale(request.headers.get('accept-language')))

// The token stands in the address of this page alone: nothing that it links to or loads may learn it.
const secretPage = { 'Referrer-Policy': 'no-referrer' }

async function showSetUp(request: Request, peer: Peer, config: Config, token: string): Promise<Response> {
  mustCarrySecrets(request, peer, config)
  await checkSetupToken(token)
  return setUpPage(askedIn(request), token, {}, null)
}

async function doSetUp(request: Request, peer: Peer, config: Config): Promise<Response> {
  refuseCrossSite(request, config.publicUrl)
  mustCarrySecrets(request, peer, config)
  const fields = await readFields(request)
  const { token, name, email, password, shop } = fields
  try {
    const done = await setUp({ token, name, email, password, shop })
    return welcome(request, peer, config, done, '/settings/sites', { siteId: done.siteId })
  } catch (error) {
    if (!(error instanceof Refusal) || wantsJson(request) || error.code.startsWith('set_up_')) throw error
    return setUpPage(askedIn(request), textOf(token), fields, error)
  }
}

function setUpPage(t: Translate, token: string, fields: Fields, refusal: Refusal | null): Response {
  const values = { name: textOf(fields.name), email: textOf(fields.email), shop: textOf(fields.shop) }
  return page(
    <SetUpPage
      t={t}
      assets={documentAssets('plain')}
      token={token}
      values={values}
      minPasswordLength={minPasswordLength}
      problem={refusal && sentenceOf(refusal, t)}
    />,
    { status: refusal?.status ?? 200, headers: secretPage },
  )
}

async function showSignIn(request: Request, peer: Peer, config: Config, next: string): Promise<Response> {
  const transport = transportOf(request, peer, config)
  if (await findSession(readCookie(request, sessionCookie, transport))) return seeOther(localPath(next))
  const refusal = mayCarrySecrets(transport, config) ? null : refuse('sign_in_insecure')
  return signInPage(askedIn(request), '', next, refusal)
}

async function doSignIn(request: Request, peer: Peer, config: Config): Promise<Response> {
  refuseCrossSite(request, config.publicUrl)
  const fields = await readFields(request)
  try {
    const transport = mustCarrySecrets(request, peer, config)
    const done = await signIn({
      email: fields.email,
      password: fields.password,
      ip: clientIp(request, peer, config.trustedProxies),
      device: readCookie(request, deviceCookie, transport),
      oldToken: readCookie(request, sessionCookie, transport),
    })
    return welcome(request, peer, config, done, localPath(textOf(fields.next)), {})
  } catch (error) {
    if (!(error instanceof Refusal) || wantsJson(request)) throw error
    return signInPage(askedIn(request), textOf(fields.email), textOf(fields.next), error)
  }
}

const signInPage = (t: Translate, email: string, next: string, refusal: Refusal | null): Response =>
  page(
    <SignInPage
      t={t}
      assets={documentAssets('plain')}
      email={email}
      next={next}
      problem={refusal && sentenceOf(refusal, t)}
    />,
    { status: refusal?.status ?? 200 },
  )

function mustCarrySecrets(request: Request, peer: Peer, config: Config) {
  const transport = transportOf(request, peer, config)
  if (!mayCarrySecrets(transport, config)) throw refuse('sign_in_insecure')
  return transport
}

function welcome(
  request: Request,
  peer: Peer,
  config: Config,
  { token, device }: { token: string; device: string },
  next: string,
  answer: object,
): Response {
  const transport = transportOf(request, peer, config)
  const response = wantsJson(request) ? json(answer) : seeOther(next)
  response.headers.append('Set-Cookie', cookieLine(sessionCookie, token, transport))
  response.headers.append('Set-Cookie', cookieLine(deviceCookie, device, transport))
  return response
}

async function doSignOut(request: Request, peer: Peer, config: Config): Promise<Response> {
  refuseCrossSite(request, config.publicUrl)
  const transport = transportOf(request, peer, config)
  const session = await findSession(readCookie(request, sessionCookie, transport))
  if (session) await endSession(session.who.sessionId)
  const response = wantsJson(request) ? json({}) : seeOther('/sign-in')
  response.headers.append('Set-Cookie', cookieLine(sessionCookie, '', transport))
  return response
}

/** For an open page that wonders whether its browser is still signed in. */
const showSession = (request: Request, peer: Peer, config: Config): Promise<Response> =>
  signedIn(request, peer, config, async ({ agent: { agentId, name, role } }) => json({ agentId, name, role }))

const showAccount = (request: Request, peer: Peer, config: Config): Promise<Response> =>
  signedIn(request, peer, config, async ({ agent, t }) => {
    const assets = documentAssets('console')
    return page(<OwnAccountPage t={t} assets={assets} viewer={viewerOf(agent)} email={agent.email} />)
  })

const saveLocale = (request: Request, peer: Peer, config: Config): Promise<Response> =>
  signedIn(request, peer, config, async ({ agent }) => {
    const { locale } = await readFields(request)
    if (locale !== '' && !(typeof locale === 'string' && isLocale(locale))) throw refuse('bad_request')
    await chooseOwnLocale(agent.agentId, locale === '' ? null : locale)
    return chosen(request)
  })

const saveTheme = (request: Request, peer: Peer, config: Config): Promise<Response> =>
  signedIn(request, peer, config, async ({ agent }) => {
    const { theme } = await readFields(request)
    const choice = themes.find((one) => one === theme) ?? null
    if (choice === null && theme !== '') throw refuse('bad_request')
    await chooseOwnTheme(agent.agentId, choice)
    return request.method === 'PUT' ? new Response(null, { status: 204 }) : chosen(request)
  })

/** The page comes again as it was chosen. */
const chosen = (request: Request): Response =>
  isHtmx(request) ? new Response(null, { status: 200, headers: { 'HX-Refresh': 'true' } }) : seeOther('/account')

const seeOther = (path: string): Response =>
  new Response(null, { status: 303, headers: { Location: path, 'Cache-Control': 'no-store' } })

/** Only a path of ours: an address that came with the request must not lead anybody elsewhere. */
function localPath(next: string): string {
  if (!/^\/(?![/\\])/.test(next) || !URL.canParse(next, 'http://here.invalid')) return '/inbox'
  const url = new URL(next, 'http://here.invalid')
  const path = `${url.pathname}${url.search}`
  // `/.//elsewhere.example` is a path of ours until its dot is resolved.
  return url.host === 'here.invalid' && !path.startsWith('//') ? path : '/inbox'
}
