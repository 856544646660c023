import { add, type Inline, inlineMarkup } from './inline-markup.ts'

export type Block = Inline | List | { kind: 'block'; code: string }
/** `from` is the number of the first item; null: bullets. */
export type List = { kind: 'list'; from: number | null; items: Inline[][] }

/**
 * Light markup: what people write into a message, as a small tree. `**bold**`, `*italic*`, `_italic_`, `` `code` ``,
 * `[words](https://…)`, bare addresses, lists of at least two lines, and code between two lines of three backticks.
 * Nothing else, and no HTML. What does not fit stays as it was written. The time is linear in the length of the text.
 */
export function parseMarkup(text: string): Block[] {
  const lines = text.split('\n')
  const closings = nextClosing(lines)
  const blocks: Block[] = []
  let said: string[] = []
  for (let at = 0; at < lines.length; ) {
    const end = codeEnd(lines, at, closings) ?? listEnd(lines, at)
    if (end === null) {
      said.push(lines[at++] ?? '')
      continue
    }
    // A list or a block of code keeps its own distance: the empty lines around it are not said.
    say(blocks, withoutEmpty(said, blocks.length > 0, true))
    said = []
    const inner = lines.slice(at, end)
    blocks.push(fence.test(inner[0] ?? '') ? { kind: 'block', code: inner.slice(1, -1).join('\n') } : listOf(inner))
    at = end
  }
  say(blocks, withoutEmpty(said, blocks.length > 0, false))
  return blocks
}

/** What a message says when it is read aloud or shown in one line: its words without the marks. */
export const plainWords = (text: string): string => parseMarkup(text).map(wordsOf).join('').trim()

function wordsOf(block: Block): string {
  if (typeof block === 'string') return block
  switch (block.kind) {
    case 'list':
      return `\n${block.items.map((item) => item.map(wordsOf).join('')).join('\n')}\n`
    case 'block':
      return `\n${block.code}\n`
    case 'link':
      return block.words
    case 'code':
      return block.code
    default:
      return block.inside.map(wordsOf).join('')
  }
}

function say(blocks: Block[], lines: string[]): void {
  for (const [at, line] of lines.entries()) {
    if (at > 0) add(blocks, '\n')
    for (const piece of inlineMarkup(line)) add(blocks, piece)
  }
}

function withoutEmpty(lines: string[], before: boolean, after: boolean): string[] {
  const isSaid = (line: string) => line.trim() !== ''
  const from = before ? lines.findIndex(isSaid) : 0
  const to = after ? lines.findLastIndex(isSaid) + 1 : lines.length
  return from < 0 ? [] : lines.slice(from, to)
}

// --- code

const fence = /^```\w*\s*$/
const bareFence = /^```\s*$/

/** For every line the number of the next one below it that may end a block of code; -1: none. */
function nextClosing(lines: string[]): number[] {
  const next: number[] = []
  let found = -1
  for (let at = lines.length - 1; at >= 0; at--) {
    next[at] = found
    if (bareFence.test(lines[at] ?? '')) found = at
  }
  return next
}

function codeEnd(lines: string[], at: number, closings: number[]): number | null {
  const closing = closings[at] ?? -1
  return closing > at + 1 && fence.test(lines[at] ?? '') ? closing + 1 : null
}

// --- lists

const item = /^ {0,3}(?:[-*]|(\d{1,9})\.) +(\S.*)$/

/** Where the list that begins here ends. One line alone is none: a dash also begins what somebody says. */
function listEnd(lines: string[], from: number): number | null {
  const first = item.exec(lines[from] ?? '')
  if (!first) return null
  let at = from + 1
  while (follows(lines[at], first[1], at - from)) at++
  return at - from > 1 ? at : null
}

// Numbers that do not count up stand for themselves, and are not written anew.
function follows(line: string | undefined, first: string | undefined, place: number): boolean {
  const next = item.exec(line ?? '')
  if (!next) return false
  return first === undefined ? next[1] === undefined : Number(next[1]) === Number(first) + place
}

function listOf(lines: string[]): List {
  const found = lines.map((line) => item.exec(line))
  const first = found[0]?.[1]
  return {
    kind: 'list',
    from: first === undefined ? null : Number(first),
    items: found.map((one) => inlineMarkup(one?.[2] ?? '')),
  }
}
