import { Problem, ProblemPage } from '../../../views/ui/problem.tsx'
import { modeOf, refusalOf, storeState } from '../db/state.ts'
import { chooseLocale, type Translate, translator } from '../lib/i18n.ts'
import { log, requestId } from '../lib/log.ts'
import { Refusal, refuse } from '../lib/refuse.ts'
import { documentAssets } from './document-assets.ts'
import { fragment, goTo, isHtmx, json, page, wantsJson } from './page.tsx'
import { urlOf } from './url.ts'

/**
 * What went wrong as an answer: JSON, a fragment for htmx or a page, as the asker wants it, in their language. What is
 * no refusal is a bug: logged under an id, of which alone the asker learns.
 */
export function problem(error: unknown, request: Request, t: Translate = translatorFor(request)): Response {
  const refusal = asRefusal(error)
  const id = logFault(refusal, request, error)
  const headers = retryHeader(refusal)
  if (wantsJson(request)) return json(problemJson(refusal, t, id), { status: refusal.status, headers })
  if (refusal.code === 'sign_in_needed') return toSignIn(request)
  const sentence = sentenceOf(refusal, t)
  const answer = { status: refusal.status, headers }
  if (isHtmx(request)) {
    const told = { 'X-Refusal': refusal.code, 'X-Retryable': `${refusal.retryable}` }
    return fragment(<Problem t={t} sentence={sentence} id={id} />, { ...answer, headers: { ...headers, ...told } })
  }
  const way = { href: '/inbox', text: t('account.problem.back') }
  return page(<ProblemPage t={t} assets={documentAssets('plain')} sentence={sentence} id={id} way={way} />, answer)
}

/** Logs what is a bug; answers the id under which it stands there, null for anything else. */
export function logFault({ code }: Refusal, request: Request, error: unknown): string | null {
  if (code !== 'internal_error') return null
  const id = requestId(request)
  log.error('a request failed', { id, method: request.method, path: urlOf(request).pathname, error })
  return id
}

/**
 * Refusals stay; a store that cannot be read says what it would say to a write; the framework's own become ours, without
 * its message, which would tell schema and input.
 */
export function asRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  const mode = modeOf(error)
  if (mode) {
    // While the store is known to be in trouble, that has been logged.
    if (storeState().mode === 'ok') log.warn('the store could not be read', { mode, error })
    return refusalOf(mode)
  }
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : null
  if (code === 'NOT_FOUND') return refuse('not_found')
  if (code === 'PARSE' || code === 'VALIDATION' || code === 'INVALID_COOKIE_SIGNATURE') return refuse('bad_request')
  return refuse('internal_error', { retryAfterMs: 5000 })
}

/** A refusal as JSON carries it: the code for programs, the sentence for people. */
export function problemJson(refusal: Refusal, t: Translate, id: string | null = null) {
  const { code, retryable, retryAfterMs } = refusal
  return {
    code,
    message: sentenceOf(refusal, t),
    retryable,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(id === null ? {} : { id }),
  }
}

export const sentenceOf = ({ code, values }: Refusal, t: Translate): string => t(`refusals.${code}`, values)

const translatorFor = (request: Request): Translate => translator(chooseLocale(request.headers.get('accept-language')))

const retryHeader = ({ retryAfterMs }: Refusal): Record<string, string> =>
  retryAfterMs === undefined ? {} : { 'Retry-After': `${Math.ceil(retryAfterMs / 1000)}` }

/** A page that was asked for is asked for again after the sign-in; what was sent is not repeated. */
function toSignIn(request: Request): Response {
  const asked = isHtmx(request) ? currentPage(request) : urlOf(request)
  const again = asked && (request.method === 'GET' || isHtmx(request)) ? `${asked.pathname}${asked.search}` : '/'
  const to = `/sign-in${again === '/' ? '' : `?next=${encodeURIComponent(again)}`}`
  const answer = goTo(request, to)
  return isHtmx(request) ? new Response(null, { status: 401, headers: answer.headers }) : answer
}

function currentPage(request: Request): URL | null {
  const url = request.headers.get('hx-current-url') ?? ''
  return URL.canParse(url) ? new URL(url) : null
}
