/**
 * A message of ICU MessageFormat as plain data: a text, or its parts. It is made by `parse.ts` from a catalogue and can
 * be shipped to a browser, which then needs this file but no parser.
 */
export type Pattern = string | Part[]
export type Part = string | Slot | Choice | Hash
type Slot = [name: string]
type Choice = [name: string, by: 'plural' | 'selectordinal' | 'select', cases: Record<string, Pattern>, offset: number]
/** The `#` of a plural. */
type Hash = []

export type Values = Record<string, string | number>

/** Fills a pattern in. Numbers are written as the locale writes them; a value that is not given stays as `{name}`. */
export function fill(pattern: Pattern, locale: string, values: Values = {}, counted = 0): string {
  if (typeof pattern === 'string') return pattern
  return pattern.map((part) => fillPart(part, locale, values, counted)).join('')
}

function fillPart(part: Part, locale: string, values: Values, counted: number): string {
  if (typeof part === 'string') return part
  const [name, by, cases, offset = 0] = part
  if (name === undefined) return write(counted, locale)
  const value = values[name]
  if (by === undefined || cases === undefined) return value === undefined ? `{${name}}` : write(value, locale)
  const number = Number(value) - offset
  const chosen = cases[`=${value}`] ?? cases[by === 'select' ? `${value}` : rules(locale, by).select(number)]
  return fill(chosen ?? cases.other ?? '', locale, values, number)
}

const write = (value: string | number, locale: string): string =>
  typeof value === 'string' ? value : value.toLocaleString(locale)

const known: Record<string, Intl.PluralRules> = {}

function rules(locale: string, by: 'plural' | 'selectordinal'): Intl.PluralRules {
  const type = by === 'plural' ? 'cardinal' : 'ordinal'
  return (known[locale + type] ??= new Intl.PluralRules(locale, { type }))
}
