import { statusColours } from '../../../views/ui/status-colours.ts'
import {
  currencyOf,
  emptied,
  type FieldProblem,
  type FieldReader,
  fieldsOf,
  isObject,
  knownOnly,
  withoutGaps,
} from '../../platform/lib/read-fields.ts'
import type { OrderLine, OrderRow } from './schema.ts'

/** What can be told of an order; what is not in it stays as it is. */
export type OrderChange = Partial<
  Pick<OrderRow, 'number' | 'placedAt' | 'currency' | 'sumMinor' | 'status' | 'statusColour' | 'lines' | 'note'>
>

const most = { number: 40, status: 60, note: 500, lines: 100, sum: 1e13, lineName: 200, unit: 20 }

/** Reads what is told of an order. What is wrong goes to the reader's problems. */
export function readOrder(read: FieldReader, problems: FieldProblem[]): OrderChange {
  const [number, status, currency] = [
    read.line('number', most.number),
    read.line('status', most.status),
    currencyOf(read),
  ]
  for (const [name, value] of Object.entries({ number, status })) if (value === '') read.wrong(name, 'missing')
  return withoutGaps({
    number: number || undefined,
    placedAt: read.time('placedAt') ?? undefined,
    currency: currency ?? undefined,
    sumMinor: read.whole('sumMinor', 0, most.sum) ?? undefined,
    status: status || undefined,
    statusColour: read.oneOf('statusColour', statusColours) ?? undefined,
    lines: linesOf(read, problems),
    note: emptied(read.text('note', most.note)),
  })
}

function linesOf(read: FieldReader, problems: FieldProblem[]): OrderLine[] | undefined {
  const entries = read.list('lines', most.lines)
  if (!entries) return entries === null ? [] : undefined
  return entries.flatMap(({ value, pointer }) => lineOf(value, pointer, problems) ?? [])
}

function lineOf(value: unknown, pointer: string, problems: FieldProblem[]): OrderLine | undefined {
  if (!isObject(value)) return void problems.push({ pointer, code: 'wrong_type' })
  knownOnly(value, pointer, ['name', 'quantity', 'unit', 'sumMinor'], problems)
  const read = fieldsOf(value, pointer, problems)
  const [name, unit] = [read.line('name', most.lineName), read.line('unit', most.unit)]
  if (!name && (name !== undefined || !read.has('name'))) read.wrong('name', 'missing')
  const sumMinor = read.whole('sumMinor', -most.sum, most.sum)
  const quantity = quantityOf(read)
  return name && quantity
    ? { name, quantity, ...(unit ? { unit } : {}), ...(sumMinor == null ? {} : { sumMinor }) }
    : undefined
}

/** A decimal as text; a number is taken, too, where it can be written as one. */
function quantityOf(read: FieldReader): string | undefined {
  if (!read.has('quantity')) return '1'
  const value = read.raw('quantity')
  const text = typeof value === 'number' ? String(value) : value
  if (typeof text === 'string' && /^\d{1,9}(\.\d{1,6})?$/.test(text)) return text
  return read.wrong('quantity', 'not_a_decimal')
}
