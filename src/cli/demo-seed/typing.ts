import type { Locale } from '../../platform/lib/i18n.ts'
import type { Random } from './random.ts'

/** How somebody types: people differ, and each is the same from message to message. */
export type Hand = {
  smallLetters: boolean
  noFullStops: boolean
  noDiacritics: boolean
  smiles: boolean
  slips: number
}

export const handOf = (random: Random): Hand => ({
  smallLetters: random.chance(0.25),
  noFullStops: random.chance(0.5),
  noDiacritics: random.chance(0.15),
  smiles: random.chance(0.2),
  slips: random.chance(0.3) ? 0.15 : 0,
})

/** The text as that hand would have typed it. Links stay what they are. */
export function typed(text: string, hand: Hand, locale: Locale, random: Random): string {
  let result = text
  if (locale === 'ru') result = result.replaceAll('ё', 'е')
  if (text.includes('://')) return result
  if (hand.smallLetters) result = result.charAt(0).toLowerCase() + result.slice(1)
  if (hand.noFullStops) result = result.replace(/(?<!\.)\.$/, '')
  if (hand.noDiacritics && locale !== 'ru') result = withoutDiacritics(result)
  if (random.chance(hand.slips)) result = withSlip(result, random)
  if (hand.smiles && random.chance(0.3)) result += locale === 'ru' ? ')' : ' :)'
  return result
}

const withoutDiacritics = (text: string): string =>
  text.normalize('NFD').replaceAll(/\p{M}/gu, '').replaceAll('ł', 'l').replaceAll('Ł', 'L')

/** Two letters of one long word change places, or one is struck twice. */
function withSlip(text: string, random: Random): string {
  const words = [...text.matchAll(/(?<![\p{L}\p{N}])\p{Ll}{5,}(?![\p{L}\p{N}])/gu)]
  if (words.length === 0) return text
  const { index, 0: word } = random.pick(words)
  const at = index + random.from(1, word.length - 3)
  const [before, one, other, after] = [text.slice(0, at), text.charAt(at), text.charAt(at + 1), text.slice(at + 2)]
  return random.chance(0.6) ? before + other + one + after : before + one + one + other + after
}
