import { Elysia } from 'elysia'
import type { Config } from '../../config.ts'
import { apiProblem } from '../../platform/http/api-problem.ts'
import { db } from '../../platform/db/open.ts'
import type { Executor } from '../../platform/db/executor.ts'
import { refuse } from '../../platform/lib/refuse.ts'
import { type KeyAsked, withKeyOf } from '../api-keys/index.ts'
import { raw } from '../agents/index.ts'
import { expectedOf, externalIdOf, fedAnswer, foundAnswer, readTold } from './api-parts.ts'
import { feedOneContact } from './feed-contact.ts'
import { feedMovement, removeFedMovement } from './feed-movement.ts'
import { feedOrder, removeFedOrder } from './feed-order.ts'
import { feedZone, removeFedZone } from './feed-zone.ts'
import { forgetFedContact } from './forget-contact.ts'
import type { Expected, Fed } from './fed.ts'
import { findFedContact, findFedMovement, findFedOrder, findFedZone } from './find-fed.ts'
import { type Told, toldContact, toldMovement, toldOrder, toldZone } from './told.ts'

type Resource<T> = {
  find(externalId: string, executor: Executor): Promise<object | null>
  read(told: Told): T
  feed(externalId: string, told: T, expected: Expected): Promise<Fed>
  remove(externalId: string, expected: Expected): Promise<void>
}

/** The REST API by which the shop's programs tell of its zones, clients, orders and containers: docs/api.md. */
export function api(config: Config) {
  const withKey = withKeyOf(config)
  const routesOf = <T>({ find, read, feed, remove }: Resource<T>) => ({
    get: withKey(async ({ request }) => {
      const found = await find(externalIdOf(request), db)
      if (!found) throw refuse('not_found')
      return foundAnswer(found, request)
    }),
    put: withKey(async ({ request }) => {
      const externalId = externalIdOf(request)
      const told = await readTold(request, externalId, read)
      return fedAnswer(await feed(externalId, told, expectedOf(request)))
    }),
    delete: withKey(async ({ request }: KeyAsked) => {
      await remove(externalIdOf(request), expectedOf(request))
      return new Response(null, { status: 204, headers: { 'Cache-Control': 'no-store' } })
    }),
  })
  const [zone, contact, order, movement] = [routesOf(zones), routesOf(contacts), routesOf(orders), routesOf(movements)]
  return new Elysia({ name: 'clients-api', prefix: '/api/v1' })
    .onError(({ error, request }) => apiProblem(error, request))
    .get('/zones/:id', zone.get)
    .put('/zones/:id', zone.put, raw)
    .delete('/zones/:id', zone.delete, raw)
    .get('/contacts/:id', contact.get)
    .put('/contacts/:id', contact.put, raw)
    .delete('/contacts/:id', contact.delete, raw)
    .get('/orders/:id', order.get)
    .put('/orders/:id', order.put, raw)
    .delete('/orders/:id', order.delete, raw)
    .get('/container-movements/:id', movement.get)
    .put('/container-movements/:id', movement.put, raw)
    .delete('/container-movements/:id', movement.delete, raw)
    .all('/*', ({ request }) => apiProblem(refuse('not_found'), request), raw)
}

const zones = { find: findFedZone, read: toldZone, feed: feedZone, remove: removeFedZone }
const contacts = { find: findFedContact, read: toldContact, feed: feedOneContact, remove: forgetFedContact }
const orders = { find: findFedOrder, read: toldOrder, feed: feedOrder, remove: removeFedOrder }
const movements = { find: findFedMovement, read: toldMovement, feed: feedMovement, remove: removeFedMovement }
