import { readBody } from '../../platform/http/body.ts'
import { mustBeFine } from '../../platform/http/api-problem.ts'
import { urlOf } from '../../platform/http/url.ts'
import { type FieldProblem, isObject } from '../../platform/lib/read-fields.ts'
import { Refusal, refuse } from '../../platform/lib/refuse.ts'
import { isLine, tidyLine } from '../../platform/lib/text.ts'
import { longestExternalId } from '../contacts/index.ts'
import { etagOf, type Expected, type Fed } from './fed.ts'
import type { Told } from './told.ts'

export const mostBytes = 64 * 1024

/** The shop's own name for something: the last step of the address. Refuses `fields_invalid` at `/externalId`. */
export function externalIdOf(request: Request): string {
  const step = urlOf(request).pathname.split('/').at(-1) ?? ''
  const id = decoded(step)
  if (id === null || id === '' || id !== tidyLine(id) || !isLine(id, longestExternalId))
    mustBeFine([{ pointer: '/externalId', code: 'not_text' }])
  return id ?? ''
}

function decoded(step: string): string | null {
  try {
    return decodeURIComponent(step)
  } catch {
    return null
  }
}

/** Reads a JSON object and its fields. Refuses `json_invalid`, `too_large`, and `fields_invalid` for all that is wrong at once. */
export async function readTold<T>(request: Request, externalId: string, read: (told: Told) => T): Promise<T> {
  const body = await jsonOf(request)
  const problems: FieldProblem[] = []
  if (Object.hasOwn(body, 'externalId') && body.externalId !== externalId)
    problems.push({ pointer: '/externalId', code: 'other_name' })
  const told = read({ body, problems })
  mustBeFine(problems)
  return told
}

async function jsonOf(request: Request): Promise<Record<string, unknown>> {
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase()
  if (type !== undefined && type !== 'application/json') throw refuse('json_invalid')
  try {
    const value: unknown = JSON.parse(await readBody(request, mostBytes))
    if (isObject(value)) return value
  } catch (error) {
    if (error instanceof Refusal && error.code !== 'bad_request') throw error
  }
  throw refuse('json_invalid')
}

export const expectedOf = ({ headers }: Request): Expected => ({
  match: headers.get('if-match'),
  noneMatch: headers.get('if-none-match'),
})

/** What came of it, with the version that it now is. */
export const fedAnswer = ({ created, json }: Fed): Response => answer(json, created ? 201 : 200)

/** What is there; nothing but its version to whoever has that already. */
export function foundAnswer(json: object, request: Request): Response {
  const known = request.headers.get('if-none-match')?.split(',') ?? []
  if (!known.some((one) => one.trim() === etagOf(json))) return answer(json, 200)
  return new Response(null, { status: 304, headers: { ETag: etagOf(json), 'Cache-Control': 'no-store' } })
}

const answer = (json: object, status: number): Response =>
  new Response(JSON.stringify(json), {
    status,
    headers: {
      'Content-Type': 'application/json; charset=utf-8',
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
      ETag: etagOf(json),
    },
  })
