import type { VNode } from 'preact'
import { renderToString } from 'preact-render-to-string'

const policy = {
  'default-src': "'none'",
  'script-src': "'self'",
  'style-src': "'self'",
  'img-src': "'self' data:",
  'font-src': "'self'",
  'connect-src': "'self'",
  'form-action': "'self'",
  'manifest-src': "'self'",
  'base-uri': "'none'",
  'object-src': "'none'",
  'frame-ancestors': "'none'",
}

/** A Content-Security-Policy without inline code and without eval; `changes` replaces single directives. */
export const contentSecurityPolicy = (changes: Partial<Record<keyof typeof policy, string>> = {}): string =>
  Object.entries({ ...policy, ...changes })
    .map(([directive, sources]) => `${directive} ${sources}`)
    .join('; ')

const privateHeaders = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy': contentSecurityPolicy(),
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cache-Control': 'no-store',
}

export type Answer = { status?: number; headers?: Record<string, string> }

/** A whole document, for signed-in eyes: never cached, never framed. */
export const page = (document: VNode, answer: Answer = {}): Response =>
  html(`<!doctype html>${render(document)}`, answer)

/** A piece of a page for htmx. An array is rendered piece after piece. */
export const fragment = (pieces: VNode | VNode[], answer: Answer = {}): Response =>
  html([pieces].flat().map(render).join(''), answer)

/** The same of what is rendered already. */
export const htmlFragment = (rendered: string, answer: Answer = {}): Response => html(rendered, answer)

export const render = (node: VNode): string => renderToString(node)

/** A piece of HTML that finds its own place in the page, in a push as in an answer. */
export const partial = (target: string, swap: string, pieces: VNode | VNode[]): string =>
  `<hx-partial hx-target="${target}" hx-swap="${swap}">${[pieces].flat().map(render).join('')}</hx-partial>`

function html(body: string, { status = 200, headers = {} }: Answer): Response {
  return new Response(body, { status, headers: { ...privateHeaders, ...headers } })
}

/** Sends a browser elsewhere: htmx by its own header, everything else by 303. */
export function goTo(request: Request, path: string, headers: Record<string, string> = {}): Response {
  if (isHtmx(request)) return new Response(null, { status: 200, headers: { 'HX-Redirect': path, ...headers } })
  return new Response(null, { status: 303, headers: { Location: path, 'Cache-Control': 'no-store', ...headers } })
}

export const isHtmx = (request: Request): boolean => request.headers.get('hx-request') === 'true'

/** Whether the asker would rather have JSON than a page. */
export function wantsJson(request: Request): boolean {
  const accept = request.headers.get('accept') ?? ''
  return accept.includes('application/json') && !accept.includes('text/html')
}

/** JSON for whoever asked by Accept; never cached. */
export const json = (value: unknown, answer: Answer = {}): Response =>
  Response.json(value, {
    status: answer.status ?? 200,
    headers: { 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff', ...answer.headers },
  })
