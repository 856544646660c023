import { isLine, isStorable, tidyLine } from './text.ts'

/** What is wrong with a field. Codes are part of the API: add, never rename. Sentences: `clients.field.<code>`. */
export type FieldCode =
  | 'missing'
  | 'wrong_type'
  | 'too_long'
  | 'not_text'
  | 'out_of_range'
  | 'not_a_time'
  | 'not_a_decimal'
  | 'not_one_of'
  | 'not_an_email'
  | 'not_a_phone'
  | 'not_a_currency'
  | 'too_many'
  | 'twice'
  | 'taken'
  | 'unknown_field'
  | 'unknown_reference'
  | 'other_name'

/** A field that cannot be taken as it is: its place as a JSON pointer (RFC 6901), and why. */
export type FieldProblem = { pointer: string; code: FieldCode; values?: Record<string, string | number> }

/**
 * Reads the fields of a JSON object one by one and gathers what is wrong with them. Each reader answers undefined for a field
 * that is not there or is wrong, and null where null was sent.
 */
export type FieldReader = {
  has(name: string): boolean
  /** As it was sent. */
  raw(name: string): unknown
  line(name: string, max: number): string | null | undefined
  text(name: string, max: number): string | null | undefined
  whole(name: string, min: number, max: number): number | null | undefined
  truth(name: string): boolean | null | undefined
  time(name: string): number | null | undefined
  oneOf<T extends string>(name: string, among: readonly T[]): T | null | undefined
  list(name: string, most: number): { value: unknown; pointer: string }[] | null | undefined
  wrong(name: string, code: FieldCode, values?: FieldProblem['values']): undefined
  /** A field that a new one must have. */
  required(...names: string[]): void
}

export function fieldsOf(
  fields: Readonly<Record<string, unknown>>,
  pointer: string,
  problems: FieldProblem[],
): FieldReader {
  // Names of ours may be places in a list (`days/0`); what others have sent is escaped where it is told of.
  const place = (name: string) => `${pointer}/${name}`
  const has = (name: string) => Object.hasOwn(fields, name) && fields[name] !== undefined
  const wrong: FieldReader['wrong'] = (name, code, values) =>
    void problems.push({ pointer: place(name), code, ...(values ? { values } : {}) })
  /** Null and nothing pass by what is asked of a value. */
  const reading = <T>(name: string, read: (value: unknown) => T | undefined): T | null | undefined =>
    has(name) ? (fields[name] === null ? null : read(fields[name])) : undefined
  const words = (name: string, max: number, tidy: (value: string) => string, fits: (value: string) => boolean) =>
    reading(name, (value) => {
      if (typeof value !== 'string') return wrong(name, 'wrong_type')
      const kept = tidy(value)
      if (kept.length > max) return wrong(name, 'too_long', { max })
      return fits(kept) ? kept : wrong(name, 'not_text')
    })
  return {
    has,
    raw: (name) => (has(name) ? fields[name] : undefined),
    wrong,
    line: (name, max) => words(name, max, tidyLine, (value) => isLine(value, max)),
    text: (name, max) => words(name, max, (value) => value.trim(), isText),
    whole: (name, min, max) =>
      reading(name, (value) => {
        if (typeof value !== 'number' || !Number.isSafeInteger(value)) return wrong(name, 'wrong_type')
        // -0 is a number that no store gives back.
        return value >= min && value <= max ? value + 0 : wrong(name, 'out_of_range', { min, max })
      }),
    truth: (name) => reading(name, (value) => (typeof value === 'boolean' ? value : wrong(name, 'wrong_type'))),
    time: (name) =>
      reading(name, (value) =>
        typeof value === 'string' ? (momentOf(value) ?? wrong(name, 'not_a_time')) : wrong(name, 'wrong_type'),
      ),
    oneOf: (name, among) =>
      reading(
        name,
        (value) => among.find((one) => one === value) ?? wrong(name, 'not_one_of', { among: among.join(', ') }),
      ),
    list: (name, most) =>
      reading(name, (value) => {
        if (!Array.isArray(value)) return wrong(name, 'wrong_type')
        if (value.length > most) return wrong(name, 'too_many', { max: most })
        return value.map((one: unknown, at) => ({ value: one, pointer: `${place(name)}/${at}` }))
      }),
    required(...names) {
      for (const name of names) if (!has(name) || fields[name] === null) wrong(name, 'missing')
    },
  }
}

/** Several lines, without what no store and no screen could show. */
const isText = (value: string): boolean => isStorable(value) && !/[^\P{Cc}\n\r\t]/u.test(value)

const earliest = Date.UTC(2000, 0, 1)
const latest = Date.UTC(2100, 0, 1)

/** A moment as RFC 3339 writes it, with its zone; null for anything else, and for what is in no shop's lifetime. */
function momentOf(value: string): number | null {
  if (!/^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?([Zz]|[+-]\d\d:\d\d)$/.test(value)) return null
  const at = Date.parse(value.replace(' ', 'T').toUpperCase())
  return at >= earliest && at < latest ? at : null
}

/** Tells of fields that nobody knows.  */
export function knownOnly(
  fields: Readonly<Record<string, unknown>>,
  pointer: string,
  known: readonly string[],
  problems: FieldProblem[],
): void {
  for (const name of Object.keys(fields).slice(0, mostTold)) {
    if (known.includes(name)) continue
    const told = name.slice(0, longestTold).toWellFormed().replaceAll('~', '~0').replaceAll('/', '~1')
    problems.push({ pointer: `${pointer}/${told}`, code: 'unknown_field' })
  }
}

const mostTold = 100
const longestTold = 60

/** Whether a value is an object with fields. */
export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Reads a currency of ISO 4217; null where it is taken away. */
export function currencyOf(read: FieldReader): string | null | undefined {
  const currency = read.line('currency', 3)
  if (!currency) return currency === '' ? null : currency
  return /^[A-Z]{3}$/.test(currency) ? currency : read.wrong('currency', 'not_a_currency')
}

/** A text that was emptied is none. */
export const emptied = (text: string | null | undefined): string | null | undefined => (text === '' ? null : text)

/** Only what is there. */
export function withoutGaps<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never
}
