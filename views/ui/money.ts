const formats = new Map<string, Intl.NumberFormat>()

/** A sum in minor units of a currency (ISO 4217), as people who read this language write it; kopecks only where there are any. */
export function sumWords(locale: string, minor: number, currency: string): string {
  const format = formatOf(locale, currency)
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2
  return format.format(minor / 10 ** digits)
}

/** A sum as it stands in a field to be typed in: `1670.50`. */
export function sumTyped(minor: number, currency: string): string {
  const digits = formatOf('en', currency).resolvedOptions().maximumFractionDigits ?? 2
  return (minor / 10 ** digits).toFixed(digits)
}

// To make one costs more than the rest of the card.
function formatOf(locale: string, currency: string): Intl.NumberFormat {
  const name = `${locale} ${currency}`
  const known = formats.get(name)
  if (known) return known
  const options = {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
    trailingZeroDisplay: 'stripIfInteger',
  } as const
  const made = new Intl.NumberFormat(locale, options)
  if (formats.size < mostFormats) formats.set(name, made)
  return made
}

const mostFormats = 200
