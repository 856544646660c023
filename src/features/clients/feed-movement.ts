import type { Tx } from '../../platform/db/executor.ts'
import { writeLocking } from '../../platform/db/write.ts'
import { now } from '../../platform/lib/clock.ts'
import type { FieldProblem } from '../../platform/lib/read-fields.ts'
import { refuse } from '../../platform/lib/refuse.ts'
import { FieldsInvalid, mustBeFine } from '../../platform/http/api-problem.ts'
import {
  changeMovement,
  type ContainerMovement,
  keepMovement,
  type MovementChange,
  movementToChange,
} from '../containers/index.ts'
import { contactToChange } from '../contacts/index.ts'
import { orderToChange } from '../orders/index.ts'
import { movementJson } from './as-json.ts'
import { type Expected, expectsSomething, type Fed, mustBeExpected, namedContact, wrong } from './fed.ts'
import { tell } from './tell.ts'

export type ToldMovement = { fields: MovementChange; contact: string | undefined; order: string | null | undefined }

/** Keeps what a program tells of containers. Refuses `fields_invalid` and `precondition_failed`. */
export const feedMovement = (externalId: string, told: ToldMovement, expected: Expected): Promise<Fed> =>
  writeLocking(async (tx) => {
    const named = told.contact === undefined ? null : await namedContact(tx, told.contact)
    const before = await movementToChange(tx, { externalId })
    const there = before?.removedAt === null ? before : null
    if (expectsSomething(expected)) mustBeExpected(expected, there && (await movementJson(there, tx)))
    const contact = named ?? (before && (await contactToChange(tx, { id: before.contactId })))
    if (!contact) throw new FieldsInvalid([{ pointer: '/contact', code: 'missing' }])
    const orderId = await orderFor(tx, contact.id, told.order, before)
    const change = { ...told.fields, contactId: contact.id, ...(orderId === undefined ? {} : { orderId }) }
    const { movement, changed } = before
      ? await changeMovement(tx, before, { ...change, removedAt: null })
      : { movement: await keepNew(tx, externalId, change), changed: true }
    const people = new Set([contact.id, ...(before ? [before.contactId] : [])])
    for (const id of changed ? people : []) await tell(tx, 'containers.changed', id)
    return { created: !there, json: await movementJson(movement, tx) }
  })

type Change = MovementChange & { contactId: string; orderId?: string | null }

async function keepNew(tx: Tx, externalId: string, change: Change): Promise<ContainerMovement> {
  const needed = ['type', 'at'] as const
  const missing = needed.filter((name) => change[name] === undefined)
  mustBeFine(missing.map((name): FieldProblem => ({ pointer: `/${name}`, code: 'missing' })))
  return keepMovement(tx, { ...change, type: change.type ?? '', at: change.at ?? 0, externalId })
}

/** The order that a movement belongs to: one of the same contact. Undefined leaves it as it is. */
async function orderFor(
  tx: Tx,
  contactId: string,
  told: string | null | undefined,
  before: ContainerMovement | null,
): Promise<string | null | undefined> {
  if (told === undefined) return before && before.contactId !== contactId ? null : undefined
  if (told === null) return null
  const order = await orderToChange(tx, { externalId: told })
  if (!order || order.removedAt !== null || order.contactId !== contactId) throw wrong('/order', 'unknown_reference')
  return order.id
}

/** Takes a movement away. One that is gone stays so. Refuses `not_found` and `precondition_failed`. */
export const removeFedMovement = (externalId: string, expected: Expected): Promise<void> =>
  writeLocking(async (tx) => {
    const movement = await movementToChange(tx, { externalId })
    if (!movement) throw refuse('not_found')
    mustBeExpected(expected, movement.removedAt === null ? await movementJson(movement, tx) : null)
    const { changed } = await changeMovement(tx, movement, { removedAt: movement.removedAt ?? now() })
    if (changed) await tell(tx, 'containers.changed', movement.contactId)
  })
