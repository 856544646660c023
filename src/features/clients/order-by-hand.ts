import { linesTyped } from '../../../views/console/order-lines.ts'
import type { Tx } from '../../platform/db/executor.ts'
import { writeLocking } from '../../platform/db/write.ts'
import { now } from '../../platform/lib/clock.ts'
import { refuse } from '../../platform/lib/refuse.ts'
import { contactToChange, everyAddressOf, keepHandEdit } from '../contacts/index.ts'
import { changeOrder, keepOrder, type OrderRow, ordersById, orderToChange, readOrder } from '../orders/index.ts'
import { editOf, minorOf, mustBeSeen, readTyped, type Typed, wrongField } from './hand-fields.ts'
import { linesByHand } from './order-lines-by-hand.ts'
import { settleZones } from './settle-zones.ts'
import { tell } from './tell.ts'

type Agent = { agentId: string }

/**
 * Writes an order of a contact by an agent's hand: a new one, or `orderId`; its lines stay as they are where they are not
 * typed, or typed as they stand. Refuses `not_found`, `fields_invalid`, and `edited_meanwhile` when it is another version than the one they saw.
 */
export async function writeOrder(agent: Agent, contactId: string, orderId: string | null, typed: Typed): Promise<void> {
  const currency = typeof typed.currency === 'string' ? typed.currency.trim().toUpperCase() : ''
  const { lines: written, ...fields } = typed
  const lines = await typedLines(written, orderId, currency)
  const told = readTyped({ ...fields, ...lines, currency }, [], (read, problems) => {
    for (const name of ['number', 'status', 'placedAt', 'currency']) if (!read.raw(name)) read.wrong(name, 'missing')
    if (minorOf(typed.sum, currency) === undefined) read.wrong('sum', typed.sum ? 'not_a_decimal' : 'missing')
    return readOrder(read, problems)
  })
  const { number = '', status = '', placedAt = 0 } = told
  const values = { ...told, number, status, placedAt, currency, sumMinor: minorOf(typed.sum, currency) ?? 0 }
  await writeLocking(async (tx) => {
    const before = await orderToWrite(tx, contactId, orderId)
    if (before) mustBeSeen(typed.version, before)
    const addressId = await addressIn(tx, contactId, typed.address)
    const { order, changed } = before
      ? await changeOrder(tx, before, { ...values, addressId })
      : { order: await keepOrder(tx, { ...values, contactId, addressId }), changed: true }
    if (changed) await afterHand(tx, agent, before, order)
  })
}

/** Takes an order away, or brings it back as it was. Refuses `not_found`. */
export async function removeOrder(agent: Agent, contactId: string, orderId: string, removed: boolean): Promise<void> {
  await writeLocking(async (tx) => {
    const before = await orderToWrite(tx, contactId, orderId, true)
    if (!before || (before.removedAt !== null) === removed) return
    const { order } = await changeOrder(tx, before, { removedAt: removed ? now() : null })
    await afterHand(tx, agent, removed ? before : null, removed ? null : order)
  })
}

async function orderToWrite(tx: Tx, contactId: string, orderId: string | null, gone = false): Promise<OrderRow | null> {
  if (!(await contactToChange(tx, { id: contactId }))) throw refuse('not_found')
  if (orderId === null) return null
  const order = await orderToChange(tx, { id: orderId })
  if (order?.contactId !== contactId || (order.removedAt !== null && !gone)) throw refuse('not_found')
  return order
}

/**
 * The lines that were typed; nothing where none were, or where they stand as they were shown: what came from the shop's
 * programs need not be such that it can be typed.
 */
async function typedLines(written: unknown, orderId: string | null, currency: string): Promise<{ lines?: unknown[] }> {
  if (typeof written !== 'string') return {}
  const shown = orderId === null ? undefined : (await ordersById([orderId])).get(orderId)
  const isShown = shown?.currency === currency && tidy(written) === tidy(linesTyped(shown.lines, currency))
  return isShown ? {} : { lines: linesByHand(written, currency) }
}

const tidy = (rows: string): string => rows.replaceAll('\r\n', '\n').trim()

/** One of the contact's own addresses. */
async function addressIn(tx: Tx, contactId: string, typed: unknown): Promise<string | null> {
  if (typeof typed !== 'string' || typed === '') return null
  const address = (await everyAddressOf(tx, contactId)).find(({ id }) => id === typed)
  if (!address) throw wrongField('address', 'unknown_reference')
  return address.id
}

async function afterHand(tx: Tx, agent: Agent, before: OrderRow | null, after: OrderRow | null): Promise<void> {
  const { contactId, number } = (after ?? before) as OrderRow
  const edit = editOf(number, before && shown(before), after && shown(after))
  await keepHandEdit(tx, agent, contactId, { field: 'order', ...edit })
  const settled = await settleZones(tx, [contactId])
  await tell(tx, 'order.changed', contactId)
  if (settled.length > 0) await tell(tx, 'contact.changed', contactId)
}

const shown = ({ number, placedAt, sumMinor, currency, status, lines, note }: OrderRow) => ({
  ...{ number, placedAt, sum: { minor: sumMinor, currency }, status, note },
  lines: linesTyped(lines, currency) || null,
})
