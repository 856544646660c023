import { Elysia } from 'elysia'
import type { VNode } from 'preact'
import { AddressSheet, MovementSheet, OrderSheet } from '../../../views/console/card-sheets.tsx'
import type { SheetRefused } from '../../../views/console/card-sheet.tsx'
import { readFields } from '../../platform/http/form.ts'
import { fragment, wantsJson } from '../../platform/http/page.tsx'
import { problem } from '../../platform/http/problem.tsx'
import { refuse } from '../../platform/lib/refuse.ts'
import { type Asked, type Inside, raw } from '../agents/index.ts'
import {
  isTold,
  refusedSheet,
  removeAddress,
  removeMovement,
  removeOrder,
  type Typed,
  writeAddress,
  writeMovement,
  writeOrder,
} from '../clients/index.ts'
import { movementsOf, owedBy } from '../containers/index.ts'
import { addressesOf, findAddress } from '../contacts/index.ts'
import { lastOrderOf, ordersById } from '../orders/index.ts'
import { listZones } from '../zones/index.ts'
import { contactOf, conversationAt } from './queries.ts'

type Person = { conversationId: string; contactId: string }
type Sheet = (asked: Asked, person: Person, refused?: SheetRefused) => Promise<VNode>
type Agent = { agentId: string }
type Things = {
  sheet: Sheet
  write(agent: Agent, contactId: string, id: string | null, typed: Typed): Promise<void>
  remove(agent: Agent, contactId: string, id: string, removed: boolean): Promise<void>
}

/** What agents write of a client by hand, each in a sheet of its own: addresses, orders, containers. */
export const cardSheetRoutes = (inside: Inside) => {
  const routes = new Elysia({ name: 'inbox-card-sheets' }).onError(({ error, request }) => problem(error, request))
  for (const [name, things] of Object.entries({ addresses, orders, movements })) {
    const path = `/c/:id/${name}`
    routes
      .get(`${path}/new`, inside(open(things)))
      .get(`${path}/:thing`, inside(open(things)))
      .post(path, inside(save(things)), raw)
      .put(`${path}/:thing`, inside(save(things)), raw)
      .put(`${path}/:thing/removal`, inside(remove(things, true)), raw)
      .delete(`${path}/:thing/removal`, inside(remove(things, false)), raw)
  }
  return routes
}

/** Whom a conversation is with. Refuses `not_found` while nobody knows. */
async function personAt({ params }: Asked): Promise<Person> {
  const conversation = await conversationAt(params.id ?? '')
  const contact = await contactOf(conversation)
  if (!contact) throw refuse('not_found')
  return { conversationId: conversation.id, contactId: contact.id }
}

const open =
  ({ sheet }: Things) =>
  async (asked: Asked): Promise<Response> =>
    fragment(await sheet(asked, await personAt(asked)))

/** Answers nothing when it is kept; refused, the sheet with what was typed and what is wrong with it. */
const save =
  ({ sheet, write }: Things) =>
  async (asked: Asked): Promise<Response> => {
    const person = await personAt(asked)
    const typed = await readFields(asked.request)
    try {
      await write(asked.agent, person.contactId, asked.params.thing ?? null, typed)
      return new Response(null, { status: 204 })
    } catch (error) {
      if (!isTold(error) || wantsJson(asked.request)) throw error
      return fragment(await sheet(asked, person, refusedSheet(asked.t, typed, error)), { status: error.status })
    }
  }

const remove =
  (things: Things, removed: boolean) =>
  async (asked: Asked): Promise<Response> => {
    const { contactId } = await personAt(asked)
    await things.remove(asked.agent, contactId, asked.params.thing ?? '', removed)
    return new Response(null, { status: 204 })
  }

const addresses: Things = {
  async sheet({ t, params }, { conversationId, contactId }, refused) {
    const address = params.thing === undefined ? null : await findAddress(params.thing)
    if (params.thing !== undefined && address?.contactId !== contactId) throw refuse('not_found')
    return <AddressSheet t={t} id={conversationId} address={address} zones={await listZones()} refused={refused} />
  },
  write: writeAddress,
  remove: removeAddress,
}

const orders: Things = {
  async sheet({ t, params }, { conversationId, contactId }, refused) {
    const [found, known, last] = await Promise.all([
      params.thing === undefined ? null : ordersById([params.thing]),
      addressesOf(contactId),
      lastOrderOf(contactId),
    ])
    const order = found?.get(params.thing ?? '') ?? null
    if (params.thing !== undefined && (order?.contactId !== contactId || order.removedAt !== null))
      throw refuse('not_found')
    const currency = last?.currency ?? currencies[t.locale]
    return (
      <OrderSheet t={t} id={conversationId} order={order} addresses={known} currency={currency} refused={refused} />
    )
  },
  write: writeOrder,
  remove: removeOrder,
}

// Where nothing has been bought yet: what the shop's language suggests.
const currencies = { en: 'EUR', ru: 'RUB', pl: 'PLN', fr: 'EUR' } as const

const movements: Things = {
  async sheet({ t, params }, { conversationId, contactId }, refused) {
    const [owed, known] = await Promise.all([owedBy(contactId), movementsOf(contactId, 1000)])
    const movement = known.find(({ id }) => id === params.thing) ?? null
    if (params.thing !== undefined && movement === null) throw refuse('not_found')
    const types = owed.map(({ type }) => type)
    return <MovementSheet t={t} id={conversationId} movement={movement} types={types} refused={refused} />
  },
  write: writeMovement,
  remove: removeMovement,
}
