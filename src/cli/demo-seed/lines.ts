import { catalogues, type Key, type KeyOf } from '../../catalogues/catalogues.ts'
import { type Locale, translator, type Values } from '../../platform/lib/i18n.ts'
import type { Random } from './random.ts'

/** What is said on a topic, turn after turn: `late.2a.1` is the first way in which an agent says the second thing. */
export type Turn = { by: 'visitor' | 'agent'; keys: SeedKey[] }
export type Topic = { name: string; turns: Turn[] }
export type SeedKey = KeyOf<'seed'>
/** What is said at any time, by whom the last letter tells. */
type PoolName =
  | `${'hello' | 'ok' | 'thanks' | 'ping' | 'more' | 'back' | 'lone'}.v`
  | `${'hello' | 'wait' | 'welcome' | 'follow'}.a`

const keys = Object.keys(catalogues.en.seed) as SeedKey[]
const speaker = { v: 'visitor', a: 'agent' } as const

/** Every topic of the catalogue, its turns in order. */
export const topics: readonly Topic[] = readTopics()

/** The ways of saying something: `thanks.v.2` is the second one of saying thanks. */
export function pool(name: PoolName): Turn {
  const by = speaker[name.slice(-1) as 'v' | 'a']
  return { by, keys: keys.filter((key) => key.startsWith(`${name}.`)) }
}

/** A line of the catalogue in that language, filled in. */
export const sayIn = (locale: Locale, key: SeedKey, values: Values): string =>
  translator(locale)(`seed.${key}` as Key, values)

/** One of the entries of a line that is a list. */
export const oneOf = (random: Random, locale: Locale, key: SeedKey): string => random.pick(listOf(locale, key))

const lists = new Map<string, string[]>()

function listOf(locale: Locale, key: SeedKey): string[] {
  const name = `${locale}.${key}`
  let list = lists.get(name)
  if (!list) lists.set(name, (list = catalogues[locale].seed[key].split(' | ')))
  return list
}

function readTopics(): Topic[] {
  const found = new Map<string, Turn[]>()
  for (const key of keys) {
    const [, name, place, by] = /^(\w+)\.(\d+)([va])\.\d+$/.exec(key) ?? []
    if (name === undefined) continue
    const turns = found.get(name) ?? []
    found.set(name, turns)
    const turn = (turns[Number(place) - 1] ??= { by: speaker[by as 'v' | 'a'], keys: [] })
    turn.keys.push(key)
  }
  return [...found].map(([name, turns]) => ({ name, turns }))
}
