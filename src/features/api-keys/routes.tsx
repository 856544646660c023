import { Elysia } from 'elysia'
import { ApiKeys, KeyList } from '../../../views/settings/api-keys.tsx'
import type { Config } from '../../config.ts'
import { readFields } from '../../platform/http/form.ts'
import { fragment, json, wantsJson } from '../../platform/http/page.tsx'
import { problem } from '../../platform/http/problem.tsx'
import { Refusal } from '../../platform/lib/refuse.ts'
import { type Asked, insideOf, managed, raw } from '../agents/index.ts'
import { keyRows } from './key-rows.ts'
import { makeKey } from './make-key.ts'
import { revokeKey } from './revoke-key.ts'

/** The keys of the shop's programs, as a part of the cabinet's page of the installation. */
export function routes(config: Config) {
  const inside = managed(insideOf(config))
  return new Elysia({ name: 'api-keys' })
    .onError(({ error, request }) => problem(error, request))
    .get('/settings/api-keys', inside(show))
    .post('/settings/api-keys', inside(create), raw)
    .put('/settings/api-keys/:id/revocation', inside(revoke(true)), raw)
    .delete('/settings/api-keys/:id/revocation', inside(revoke(false)), raw)
}

const show = async ({ t }: Asked): Promise<Response> => fragment(<KeyList t={t} keys={await keyRows()} />)

/** Answers the list with the new key in it, readable this once. */
async function create({ agent, t, request }: Asked): Promise<Response> {
  const { name } = await readFields(request)
  try {
    const { key, kept } = await makeKey(agent, name)
    if (wantsJson(request)) return json({ id: kept.id, name: kept.name, key }, { status: 201 })
    return fragment(<ApiKeys t={t} keys={await keyRows()} made={{ name: kept.name, key }} />)
  } catch (error) {
    if (!(error instanceof Refusal) || error.status !== 422 || wantsJson(request)) throw error
    const refused = { name: typeof name === 'string' ? name : '', words: t(`refusals.${error.code}`, error.values) }
    return fragment(<ApiKeys t={t} keys={await keyRows()} refused={refused} />, { status: error.status })
  }
}

const revoke =
  (revoked: boolean) =>
  async ({ agent, params }: Asked): Promise<Response> => {
    await revokeKey(agent, params.id ?? '', revoked)
    return new Response(null, { status: 204 })
  }
