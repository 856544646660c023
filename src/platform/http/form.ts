import { refuse } from '../lib/refuse.ts'
import { readBody } from './body.ts'

/** What a form or a JSON object says, field by field. Without a prototype: `__proto__` is a name like any other. */
export type Fields = Record<string, unknown>

const mostBytes = 128 * 1024

/** Reads a urlencoded form or a JSON object. Refuses `too_large` and `bad_request`. */
export async function readFields(request: Request): Promise<Fields> {
  const text = await readBody(request, mostBytes)
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase()
  if (type === 'application/json') return fieldsOfJson(text)
  if (text === '' || type === 'application/x-www-form-urlencoded') return bare(new URLSearchParams(text))
  throw refuse('bad_request')
}

function fieldsOfJson(text: string): Fields {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw refuse('bad_request')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw refuse('bad_request')
  return bare(Object.entries(value))
}

function bare(entries: Iterable<[string, unknown]>): Fields {
  const fields = Object.create(null) as Fields
  for (const [name, value] of entries) fields[name] = value
  return fields
}
