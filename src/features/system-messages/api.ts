import { Elysia } from 'elysia'
import type { Config } from '../../config.ts'
import { apiProblem } from '../../platform/http/api-problem.ts'
import { readFields } from '../../platform/http/form.ts'
import { json } from '../../platform/http/page.tsx'
import { urlOf } from '../../platform/http/url.ts'
import { refuse } from '../../platform/lib/refuse.ts'
import { raw } from '../agents/index.ts'
import { type KeyAsked, withKeyOf } from '../api-keys/index.ts'
import { noticeKey } from './check-told.ts'
import { endTold } from './end-told.ts'
import { tellAgents } from './tell-agents.ts'

/** By which the shop's programs tell its agents something: docs/api.md. */
export function api(config: Config) {
  const withKey = withKeyOf(config)
  return new Elysia({ name: 'system-messages-api', prefix: '/api/v1' })
    .onError(({ error, request }) => apiProblem(error, request))
    .post('/system-messages', withKey(tell), raw)
    .delete('/system-messages/:key', withKey(end), raw)
}

/** 201 with the id; 200 with null where the same key was told already and is not over. */
async function tell({ request }: KeyAsked): Promise<Response> {
  const { title, text, link, key } = await readFields(request)
  const message = await tellAgents({ kind: 'notice', title, body: text, link, key })
  return json({ id: message?.id ?? null }, { status: message ? 201 : 200 })
}

/** Asked for again, it changes nothing. */
async function end({ request }: KeyAsked): Promise<Response> {
  await endTold([noticeKey(keyAt(request))])
  return new Response(null, { status: 204, headers: { 'Cache-Control': 'no-store' } })
}

/** The key that an address ends with. Refuses `bad_request`. */
function keyAt(request: Request): string {
  try {
    return decodeURIComponent(urlOf(request).pathname.split('/').at(-1) ?? '')
  } catch {
    throw refuse('bad_request')
  }
}
