/**
 * What stands in a template for something that is known when it is used: `{{contact.name}}`, or `{{contact.name|there}}`
 * with what is said where nothing is known. A text is looked at once: what a value holds is never looked at again.
 */
export const placeholders = [
  'contact.name',
  'agent.name',
  'site.name',
  'order.number',
  'order.status',
  'zone.name',
  'containers.owed',
] as const
export type Placeholder = (typeof placeholders)[number]

/** What is known; null, or nothing but white space, is not. */
export type Facts = Partial<Record<Placeholder, string | null>>

/** A piece of a template: words, or what was put in for a placeholder; `missing` is one that nothing was put in for. */
export type Piece = { kind: 'words' | 'filled' | 'missing'; text: string }

const marked = /\{\{([^{}]*)\}\}/g

const isPlaceholder = (name: string): name is Placeholder => placeholders.some((one) => one === name)

function taken(inside: string): { name: string; fallback: string | null } {
  const bar = inside.indexOf('|')
  if (bar < 0) return { name: inside.trim(), fallback: null }
  return { name: inside.slice(0, bar).trim(), fallback: inside.slice(bar + 1).trim() }
}

/** A template as it is read by whom it is sent to, piece by piece. A placeholder that nothing is known of stays as it is. */
export function fillPieces(text: string, facts: Facts): Piece[] {
  const pieces: Piece[] = []
  let done = 0
  const add = (kind: Piece['kind'], piece: string) => {
    if (piece !== '') pieces.push({ kind, text: piece })
  }
  for (const { 0: whole, 1: inside = '', index } of text.matchAll(marked)) {
    const { name, fallback } = taken(inside)
    if (!isPlaceholder(name)) continue
    add('words', text.slice(done, index))
    const value = unmarked(facts[name] ?? '') || fallback
    if (value === null) add('missing', whole)
    else add('filled', value)
    done = index + whole.length
  }
  add('words', text.slice(done))
  return pieces
}

/** The same as one text. */
export const fillPlaceholders = (text: string, facts: Facts): string =>
  fillPieces(text, facts)
    .map((piece) => piece.text)
    .join('')

// A value is what somebody has called themselves, in one line. It keeps no braces, or whoever calls themselves
// {{order.number}} would make an answer look like a template that was not filled.
const unmarked = (value: string): string =>
  value.replaceAll(/\s+/gu, ' ').trim().replaceAll('{', '(').replaceAll('}', ')')

/** The first placeholder that stands in a text as a template has it; null when none does. Unknown ones are words. */
export function unfilled(text: string): string | null {
  for (const [whole, inside = ''] of text.matchAll(marked)) {
    if (isPlaceholder(taken(inside).name)) return whole
  }
  return null
}

/** What in a template is no placeholder though it looks like one; `guesses` are those that may have been meant. */
export type Wrong = { written: string; guesses: Placeholder[] }

/** The first thing that is wrong with the placeholders of a template; null when nothing is. */
export function wrongPlaceholder(text: string): Wrong | null {
  let rest = ''
  let done = 0
  for (const { 0: whole, 1: inside = '', index } of text.matchAll(marked)) {
    const { name } = taken(inside)
    if (!isPlaceholder(name)) return { written: whole, guesses: guessesFor(name) }
    rest += `${text.slice(done, index)} `
    done = index + whole.length
  }
  rest += text.slice(done)
  // Left open, or closed twice: it would be sent as it stands.
  const broken = /\{\{[^\n]{0,40}|[^\s]{0,40}\}\}/.exec(rest)
  return broken ? { written: broken[0], guesses: guessesFor(broken[0]) } : null
}

const most = 2
const groupOf = (name: string): string => name.split('.')[0] ?? ''

/** At most two known ones that are written much like it, or are about the same thing. */
function guessesFor(written: string): Placeholder[] {
  const name = written.toLowerCase().replaceAll(/[^a-z.]/g, '')
  const near = placeholders
    .map((known) => ({ known, away: distance(name, known) }))
    .filter(({ known, away }) => away <= Math.ceil(known.length / 4))
    .toSorted((a, b) => a.away - b.away)
    .map(({ known }) => known)
  if (near.length > 0) return near.slice(0, most)
  return placeholders.filter((known) => groupOf(known) === groupOf(name)).slice(0, most)
}

/** How many letters have to be put in, left out or changed to make one word of the other (Levenshtein). */
function distance(a: string, b: string): number {
  if (a.length > 60) return a.length
  let row = Array.from({ length: b.length + 1 }, (_, n) => n)
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1]
    for (let j = 0; j < b.length; j++) {
      const changed = (row[j] as number) + (letter === b[j] ? 0 : 1)
      next.push(Math.min((next[j] as number) + 1, (row[j + 1] as number) + 1, changed))
    }
    row = next
  }
  return row[b.length] as number
}
