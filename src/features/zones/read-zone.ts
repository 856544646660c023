import { zoneColours } from '../../../views/ui/zone-colours.ts'
import { currencyOf, emptied, type FieldReader, withoutGaps } from '../../platform/lib/read-fields.ts'
import { isLine, tidyLine } from '../../platform/lib/text.ts'
import type { ZoneRow } from './schema.ts'

/** What can be told of a zone; what is not in it stays as it is. */
export type ZoneChange = Partial<
  Pick<ZoneRow, 'name' | 'districts' | 'colour' | 'position' | 'days' | 'minimumMinor' | 'currency' | 'note'>
>

const most = { name: 60, district: 80, districts: 200, note: 500, position: 100_000, sum: 1e12 }

/** Reads what is told of a zone. What is wrong goes to the reader's problems. */
export function readZone(read: FieldReader): ZoneChange {
  const [minimumMinor, currency] = [read.whole('minimumMinor', 0, most.sum), currencyOf(read)]
  const name = read.line('name', most.name)
  if (name === '' || name === null) read.wrong('name', 'missing')
  return withoutGaps({
    name: name || undefined,
    districts: listOf(read, 'districts', most.districts, lineIn),
    colour: read.oneOf('colour', zoneColours) ?? undefined,
    position: read.whole('position', 0, most.position) ?? undefined,
    days: daysOf(read),
    // One that is taken away takes the other with it.
    minimumMinor: currency === null && minimumMinor === undefined ? null : minimumMinor,
    currency: minimumMinor === null && currency === undefined ? null : currency,
    note: emptied(read.text('note', most.note)),
  })
}

function daysOf(read: FieldReader): number[] | undefined {
  const days = listOf(read, 'days', 7, (value) =>
    Number.isInteger(value) && dayNumbers.has(value as number) ? (value as number) : null,
  )
  return days?.toSorted((a, b) => a - b)
}

const dayNumbers = new Set([1, 2, 3, 4, 5, 6, 7])

const lineIn = (value: unknown): string | null => {
  const line = typeof value === 'string' ? tidyLine(value) : ''
  return line !== '' && isLine(line, most.district) ? line : null
}

/** A list in which nothing stands twice; null empties it. */
function listOf<T>(read: FieldReader, name: string, max: number, one: (value: unknown) => T | null): T[] | undefined {
  const entries = read.list(name, max)
  if (!entries) return entries === null ? [] : undefined
  const found: T[] = []
  for (const [at, { value }] of entries.entries()) {
    const item = one(value)
    if (item === null) read.wrong(`${name}/${at}`, 'wrong_type')
    else if (found.includes(item)) read.wrong(`${name}/${at}`, 'twice')
    else found.push(item)
  }
  return found
}
