import { minorOf } from './hand-fields.ts'

/**
 * The lines of an order as people type them, a row for each: name; quantity with its unit; sum. Only the name has to be there.
 * What is wrong stays as it was typed, for `readOrder` to refuse.
 */
export function linesByHand(typed: string, currency: string): unknown[] {
  const rows = typed.split(/\r\n|\r|\n/).filter((row) => row.trim() !== '')
  return rows.map((row) => lineByHand(row, currency))
}

function lineByHand(row: string, currency: string): unknown {
  const [name = '', amount = '', sum = '', ...more] = row.split(';').map((part) => part.trim())
  if (more.length > 0) return row
  const [, quantity = amount, unit = ''] = /^(\d+(?:[.,]\d+)?)\s*([^\d\s].*)?$/u.exec(amount) ?? []
  return {
    name,
    ...(amount === '' ? {} : { quantity: quantity.replace(',', '.') }),
    ...(unit === '' ? {} : { unit }),
    ...(sum === '' ? {} : { sumMinor: minorOf(sum, currency) ?? sum }),
  }
}
