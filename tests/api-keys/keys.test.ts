import { afterAll, beforeAll, expect, test } from 'bun:test'
import { eq } from 'drizzle-orm'
import { listKeys, makeKey, revokeKey } from '../../src/features/api-keys/index.ts'
import { keyOf } from '../../src/features/api-keys/find-key.ts'
import { noteUse } from '../../src/features/api-keys/note-use.ts'
import { apiKeys } from '../../src/features/api-keys/schema.ts'
import { listChanges } from '../../src/features/settings/index.ts'
import { db } from '../../src/platform/db/open.ts'
import { holdClock } from '../../src/platform/lib/clock.ts'
import { newId } from '../../src/platform/lib/id.ts'
import { AgentClient } from '../support/agent-client.ts'
import { hire, password } from '../support/cast.ts'
import { openHouse, type TestHouse } from '../support/house.ts'
import { refusalOf } from '../support/refusal.ts'

let house: TestHouse
let clara: Awaited<ReturnType<typeof hire>>
const admin = () => clientOf(clara.email)

async function clientOf(email: string): Promise<AgentClient> {
  const client = new AgentClient(house.url)
  await client.signIn(email, password)
  return client
}

beforeAll(async () => {
  house = await openHouse()
  clara = await hire('Clara', 'admin')
})
afterAll(() => house.close())

test('a key is answered once, kept as its digest, and opens until it is revoked', async () => {
  const { key, kept } = await makeKey(clara, '  1C,   nightly ')
  expect(key).toMatch(/^kontuar_[\w-]{43}$/)
  expect(kept).toMatchObject({ name: '1C, nightly', beginning: key.slice(0, 12), usedAt: null })
  expect(JSON.stringify(await db.select().from(apiKeys))).not.toContain(key.slice(12))
  expect((await keyOf(`Bearer ${key}`))?.id).toBe(kept.id)
  expect((await keyOf(`bearer   ${key}`))?.id).toBe(kept.id)
  for (const wrong of [
    null,
    '',
    key,
    `Basic ${key}`,
    `Bearer ${key}x`,
    `Bearer ${key.slice(0, -1)}`,
    'Bearer kontuar_',
  ])
    expect(await keyOf(wrong)).toBeNull()
  await revokeKey(clara, kept.id, true)
  expect([await keyOf(`Bearer ${key}`), await listKeys()]).toEqual([null, []])
  await revokeKey(clara, kept.id, false)
  expect((await keyOf(`Bearer ${key}`))?.id).toBe(kept.id)
  await revokeKey(clara, kept.id, true)
  await revokeKey(clara, kept.id, true)
  const changes = await listChanges('installation', null, 9)
  expect(changes.map(({ kind }) => kind)).toEqual(['removed', 'restored', 'removed', 'created'])
  expect(JSON.stringify(changes)).not.toContain(key.slice(12))
})

test('a key that was given up a minute ago stays so', async () => {
  const { kept } = await makeKey(clara, 'old')
  await revokeKey(clara, kept.id, true)
  holdClock(() => Date.now() + 61_000)
  expect(await refusalOf(revokeKey(clara, kept.id, false))).toBe('not_found')
  holdClock()
  for (const nobody of [newId(), 'x']) expect(await refusalOf(revokeKey(clara, nobody, true))).toBe('not_found')
})

test.each(['', '   ', 'a\nb'.repeat(40), 'x'.repeat(61), null, 7])('%j is no name of a key', async (name) => {
  expect(await refusalOf(makeKey(clara, name))).toBe('name_missing')
})

test('when a key was last used is kept to the minute', async () => {
  const { kept } = await makeKey(clara, 'used')
  holdClock(() => 1_800_000_030_000)
  await Promise.all([noteUse(kept), noteUse(kept)])
  const [used] = await db.select().from(apiKeys).where(eq(apiKeys.id, kept.id))
  expect(used?.usedAt).toBe(1_800_000_000_000)
  await noteUse(used!)
  holdClock()
})

test('an admin makes a key in the cabinet, reads it once, and revokes it', async () => {
  const client = await admin()
  const refused = await client.request('POST', '/settings/api-keys', { name: ' ' }, { accept: 'text/html' })
  expect([refused.status, /aria-invalid/.test(refused.text)]).toEqual([422, true])
  const made = await client.request('POST', '/settings/api-keys', { name: '<b>shop</b>' }, { accept: 'text/html' })
  const key = /kontuar_[\w-]{43}/.exec(made.text)?.[0] ?? ''
  expect(made.text).toContain('&lt;b>shop&lt;/b>')
  const again = await client.get('/settings/api-keys')
  expect([again.text.includes(key), again.text.includes(key.slice(0, 12))]).toEqual([false, true])
  const id = (await listKeys()).find(({ name }) => name === '<b>shop</b>')?.id ?? ''
  expect((await client.request('PUT', `/settings/api-keys/${id}/revocation`)).status).toBe(204)
  expect(await keyOf(`Bearer ${key}`)).toBeNull()
  expect((await client.request('DELETE', `/settings/api-keys/${id}/revocation`)).status).toBe(204)
  expect((await keyOf(`Bearer ${key}`))?.name).toBe('<b>shop</b>')
})

test('nobody but those who run the shop sees, makes or revokes keys', async () => {
  const { kept } = await makeKey(clara, 'kept')
  const agent = await clientOf((await hire('Anna')).email)
  const asked: [string, string][] = [
    ['GET', '/settings/api-keys'],
    ['POST', '/settings/api-keys'],
    ['PUT', `/settings/api-keys/${kept.id}/revocation`],
    ['DELETE', `/settings/api-keys/${kept.id}/revocation`],
  ]
  for (const [method, path] of asked) expect((await agent.request(method, path)).json.code).toBe('forbidden')
  for (const [method, path] of asked) {
    const stranger = new AgentClient(house.url)
    expect((await stranger.request(method, path)).json.code).toBe('sign_in_needed')
  }
  expect((await listKeys()).some(({ id }) => id === kept.id)).toBe(true)
})
