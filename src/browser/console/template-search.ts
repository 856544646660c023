import { foldWords } from '../../../views/ui/fold-words.ts'

// What a template is found by, looked through once for each that came.
type Words = { shortcut: string; name: string[]; all: string[] }
const known = new WeakMap<HTMLElement, Words>()

function wordsOf(option: HTMLElement): Words {
  const seen = known.get(option)
  if (seen) return seen
  const name = foldWords(textIn(option, '.name'))
  const shortcut = foldWords(option.dataset.shortcut ?? '')
  const words = {
    shortcut: shortcut.join(''),
    name,
    all: [...shortcut, ...name, ...foldWords(textIn(option, '.filled-in'))],
  }
  known.set(option, words)
  return words
}

const textIn = (option: HTMLElement, selector: string): string => option.querySelector(selector)?.textContent ?? ''

/**
 * Those in which every word that was typed begins one: first by the shortcut, then by the name, then by what they say; in
 * their own order within each.
 */
export function ranked(options: HTMLElement[], typed: string[]): HTMLElement[] {
  return options
    .map((option, place) => ({ option, place, rank: rankOf(wordsOf(option), typed) }))
    .filter(({ rank }) => rank < 3)
    .toSorted((a, b) => a.rank - b.rank || a.place - b.place)
    .map(({ option }) => option)
}

function rankOf({ shortcut, name, all }: Words, typed: string[]): number {
  if (typed.length === 0 || (shortcut !== '' && shortcut.startsWith(typed.join('')))) return 0
  if (typed.every((word) => name.some((one) => one.startsWith(word)))) return 1
  return typed.every((word) => all.some((one) => one.startsWith(word))) ? 2 : 3
}

/** Marks in the name what was typed of it. */
export function showMarked(option: HTMLElement, typed: string[]): void {
  const name = option.querySelector<HTMLElement>('.name')
  if (!name) return
  const text = name.textContent ?? ''
  const pieces: (string | HTMLElement)[] = []
  let done = 0
  for (const { 0: word, index } of text.matchAll(/[\p{L}\p{N}\p{M}]+/gu)) {
    const length = marked(word, typed)
    if (length === 0) continue
    const mark = document.createElement('mark')
    mark.textContent = word.slice(0, length)
    pieces.push(text.slice(done, index), mark)
    done = index + length
  }
  name.replaceChildren(...pieces, text.slice(done))
}

/** How much of a word was typed, in its own letters: folded, some of them are two. */
function marked(word: string, typed: string[]): number {
  const [folded = ''] = foldWords(word)
  const longest = Math.max(0, ...typed.filter((one) => folded.startsWith(one)).map((one) => one.length))
  if (longest === 0) return 0
  for (let length = 1; length <= word.length; length++) {
    if (foldWords(word.slice(0, length)).join('').length >= longest) return length
  }
  return word.length
}
