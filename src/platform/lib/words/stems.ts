import { stemmer as stemEnglish } from '@orama/stemmers/english'
import { stemmer as stemFrench } from '@orama/stemmers/french'
import { stemmer as stemRussian } from '@orama/stemmers/russian'
import { stemPolish } from './polish.ts'

/** Of a word: where it stands in the text, how it is compared, and what its forms have in common. */
export type Word = { start: number; end: number; folded: string; stems: readonly string[] }

const longestWord = 40
const mostLetters = 200
const wordShape = /[\p{L}\p{N}][\p{L}\p{N}\p{M}]*/gu

/** The words of a text in their places. Numbers and words of two letters are words too. */
export function wordsIn(text: string): Word[] {
  return [...text.matchAll(wordShape)].flatMap(({ 0: word, index }) => {
    const { folded, stems } = formsOf(word)
    return folded === '' ? [] : [{ start: index, end: index + word.length, folded, stems }]
  })
}

/** What a text is found by: the stems of its words, and the digits of its telephone numbers as one word. */
export function stemsIn(text: string): Set<string> {
  const found = new Set(wordsIn(text).flatMap(({ stems }) => stems))
  for (const digits of phonesIn(text)) found.add(digits)
  return found
}

const phoneShape = /\+?\d[\d\s().-]{5,}\d/g
// People leave the country's code out, or write a long-distance 8 in its place.
const nationalDigits = 10

const phonesIn = (text: string): string[] =>
  [...text.matchAll(phoneShape)]
    .map(([phone]) => phone.replaceAll(/\D/g, ''))
    .filter((digits) => digits.length >= 7 && digits.length <= 15)
    .flatMap((digits) => [digits, digits.slice(-nationalDigits)])

type Forms = Pick<Word, 'folded' | 'stems'>

// Words come again and again, and to find their stems costs more than to remember them.
const known = new Map<string, Forms>()
const mostKnown = 50_000

function formsOf(word: string): Forms {
  // What nobody would type costs no more than a word does, and is not remembered.
  if (word.length > mostLetters) return findForms(word.slice(0, mostLetters).replace(half, ''))
  const remembered = known.get(word)
  if (remembered) return remembered
  const forms = findForms(word)
  if (known.size >= mostKnown) known.clear()
  known.set(word, forms)
  return forms
}

function findForms(word: string): Forms {
  const lower = word.normalize('NFKC').toLowerCase()
  if (/[\u0400-\u04ff]/.test(lower)) {
    const folded = plainCyrillic(lower)
    // Snowball takes some nouns for verbs (бутыли): cut as a noun, each finds its other forms all the same.
    return { folded, stems: [...new Set([evenRussian(stemRussian(folded)), evenRussian(cutNoun(folded))])] }
  }
  const folded = plainLatin(lower)
  if (!/^[a-z]+$/.test(folded)) return { folded, stems: folded === '' ? [] : [folded] }
  // Which of the languages it is cannot be told from a word: it is found by the stem that each of them gives it.
  const stems = [plainLatin(stemEnglish(lower)), plainLatin(stemFrench(lower)), stemPolish(folded)]
  return { folded, stems: [...new Set(stems.filter((stem) => stem !== ''))] }
}

// Half a letter at the place where a word was cut is a text that no store takes.
const half = /[\ud800-\udbff]$/

const plainCyrillic = (word: string): string =>
  word
    .normalize('NFC')
    .replaceAll('ё', 'е')
    .replaceAll(/[^\p{L}\p{N}]/gu, '')
    .slice(0, longestWord)
    .replace(half, '')

// Letters that Unicode does not take apart into a plain one and a mark.
const plain: Record<string, string> = { ł: 'l', ø: 'o', đ: 'd', ß: 'ss', æ: 'ae', œ: 'oe', ı: 'i', þ: 'th' }

const plainLatin = (word: string): string =>
  word
    .normalize('NFKD')
    .replaceAll(/[^\p{L}\p{N}]/gu, '')
    .replaceAll(/[łøđßæœıþ]/g, (letter) => plain[letter] ?? letter)
    .slice(0, longestWord)
    .replace(half, '')

const nounEndings =
  /(?<=.{3})(иями|ями|ами|иях|ях|ах|иям|ям|ам|ией|ьями|ого|его|ому|ему|ыми|ими|ов|ев|ей|ом|ем|ой|ый|ий|ая|яя|ое|ее|ые|ие|ых|их|ую|юю|ья|ье|ию|ия|ии|[аеиоуыюяьй])$/

const cutNoun = (word: string): string => word.replace(nounEndings, '')

/** What Snowball's stems still differ by: a vowel that comes and goes (доставок – доставка), and one that is left over (заказала – заказ). */
function evenRussian(stem: string): string {
  const fleeting = /^(.+[^аеиоуыэюяьъй])[ое]к$/.exec(stem)
  if (fleeting) return `${fleeting[1]}к`
  return stem.length > 4 && /[аеиоуыэюя]$/.test(stem) ? stem.slice(0, -1) : stem
}
