import { parse, type Token } from '@messageformat/parser'
import type { Locale } from './locales.ts'
import type { Part, Pattern } from './pattern.ts'

/**
 * Parses one message of a catalogue. Throws on what the locale cannot say (a plural category it has not) and on
 * `{n, date}` and its like: times go out as `<time datetime>` and are written in the browser. `{n, number}` is `{n}`.
 */
export function parsePattern(message: string, locale: Locale): Pattern {
  return toPattern(parse(message, { cardinal: categories(locale, 'cardinal'), ordinal: categories(locale, 'ordinal') }))
}

const categories = (locale: Locale, type: Intl.PluralRuleType) =>
  new Intl.PluralRules(locale, { type }).resolvedOptions().pluralCategories

function toPattern(tokens: Token[]): Pattern {
  const parts = tokens.map(toPart)
  return parts.every((part) => typeof part === 'string') ? parts.join('') : parts
}

function toPart(token: Token): Part {
  switch (token.type) {
    case 'content':
      return token.value
    case 'octothorpe':
      return []
    case 'argument':
      return [token.arg]
    case 'function':
      if (token.key === 'number' && token.param === undefined) return [token.arg]
      throw new Error(`{${token.arg}, ${token.key}} is not supported in a catalogue`)
    default: {
      const cases = Object.fromEntries(token.cases.map(({ key, tokens }) => [key, toPattern(tokens)]))
      return [token.arg, token.type, cases, token.pluralOffset ?? 0]
    }
  }
}
