import type { FieldProblem } from '../lib/read-fields.ts'
import { chooseLocale, translator } from '../lib/i18n.ts'
import { Refusal } from '../lib/refuse.ts'
import { asRefusal, logFault, sentenceOf } from './problem.tsx'

/** Fields that cannot be taken as they are: each by its place (RFC 6901) and what is wrong with it. */
export class FieldsInvalid extends Refusal {
  readonly problems: FieldProblem[]

  constructor(problems: FieldProblem[]) {
    super('fields_invalid')
    this.problems = problems
  }
}

/** Throws `fields_invalid` if there is anything wrong. */
export function mustBeFine(problems: FieldProblem[]): void {
  if (problems.length > 0) throw new FieldsInvalid(problems)
}

/** What went wrong as an answer to a program: problem+json (RFC 9457), with codes that never change. */
export function apiProblem(error: unknown, request: Request): Response {
  const refusal = asRefusal(error)
  const id = logFault(refusal, request, error)
  const t = translator(chooseLocale(request.headers.get('accept-language')))
  const { code, status, retryAfterMs } = refusal
  const errors = refusal instanceof FieldsInvalid ? refusal.problems : []
  const body = {
    type: `urn:kontuar:problem:${code}`,
    title: titles[status] ?? 'Error',
    status,
    code,
    detail: sentenceOf(refusal, t),
    ...(errors.length === 0
      ? {}
      : { errors: errors.map(({ values, ...one }) => ({ ...one, detail: t(`clients.field.${one.code}`, values) })) }),
    ...(id === null ? {} : { id }),
  }
  return new Response(JSON.stringify(body), {
    status,
    headers: {
      'Content-Type': 'application/problem+json',
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
      ...(status === 401 ? { 'WWW-Authenticate': 'Bearer' } : {}),
      ...(retryAfterMs === undefined ? {} : { 'Retry-After': `${Math.ceil(retryAfterMs / 1000)}` }),
    },
  })
}

const titles: Record<number, string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  404: 'Not Found',
  409: 'Conflict',
  412: 'Precondition Failed',
  413: 'Content Too Large',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
}
