import { stemsIn, type Word, wordsIn } from './stems.ts'

/** One word of a query: any of these stems, or a word that begins so. */
export type Wanted = { stems: string[]; beginning: string | null }

const mostWords = 8
const longestQuery = 200

/**
 * What a query asks for: all of its words, in any form. Of the last one, while nothing stands after it, the beginning is
 * enough. Whatever is no letter and no digit means nothing.
 */
export function wantedBy(query: string): Wanted[] {
  const text = query.slice(0, longestQuery)
  const phone = phoneOf(text)
  if (phone !== null) return [{ stems: [phone], beginning: phone }]
  const words = wordsIn(text).slice(0, mostWords)
  const last = words.at(-1)
  return words.map((word) => ({
    stems: [...word.stems],
    beginning: isUnfinished(text, word, last) ? word.folded : null,
  }))
}

const isUnfinished = (text: string, word: Word, last: Word | undefined): boolean =>
  word === last && word.end === text.length && word.folded.length > 1

/** A telephone is typed with what stands between its digits. */
function phoneOf(text: string): string | null {
  const digits = text.replaceAll(/\D/g, '')
  if (!/^[+\d\s().-]+$/.test(text.trim()) || digits.length < 7 || !/\D/.test(text.trim())) return null
  return [...stemsIn(text)].find((one) => one === digits) ?? digits
}

/** A piece of a text; `hit`: one of the words that were asked for. */
export type Piece = { text: string; hit: boolean }

const before = 60
const longestSnippet = 220

/** The part of a text around its first hit, in pieces. */
export function piecesAround(text: string, wanted: readonly Wanted[]): Piece[] {
  const hits = wordsIn(text).filter((word) => wanted.some((one) => isHit(word, one)))
  const first = hits[0]?.start ?? 0
  const start = first <= before ? 0 : wordStart(text, first - before)
  const end = Math.min(text.length, start + longestSnippet)
  const pieces: Piece[] = start > 0 ? [{ text: '… ', hit: false }] : []
  let at = start
  for (const hit of hits) {
    if (hit.end > end) break
    if (hit.start > at) pieces.push({ text: text.slice(at, hit.start), hit: false })
    pieces.push({ text: text.slice(hit.start, hit.end), hit: true })
    at = hit.end
  }
  if (end > at) pieces.push({ text: text.slice(at, end).toWellFormed(), hit: false })
  if (end < text.length) pieces.push({ text: ' …', hit: false })
  return pieces
}

const isHit = (word: Word, { stems, beginning }: Wanted): boolean =>
  word.stems.some((stem) => stems.includes(stem)) || (beginning !== null && word.folded.startsWith(beginning))

function wordStart(text: string, from: number): number {
  const space = text.indexOf(' ', from)
  return space < 0 || space - from > 40 ? from : space + 1
}
