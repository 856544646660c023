import type { OrderLine } from '../../src/features/orders/index.ts'
import { sumTyped } from '../ui/money.ts'

/** The lines of an order as they are typed by hand, a row for each: `Water, 19 l; 2 pcs; 700.00`. */
export const linesTyped = (lines: readonly OrderLine[], currency: string): string =>
  lines
    .map(({ name, quantity, unit, sumMinor }) =>
      [
        name,
        unit === undefined ? quantity : `${quantity} ${unit}`,
        ...(sumMinor === undefined ? [] : [sumTyped(sumMinor, currency)]),
      ].join('; '),
    )
    .join('\n')
