import { find } from './place.ts'
import { write } from './writing.ts'

/** What a piece of text becomes, and what of it is selected then. */
type Marked = { from: number; to: number; text: string; selected: [number, number] }
export type Mark = 'bold' | 'italic' | 'link' | 'list' | 'code'

const keys: Record<string, Mark> = { b: 'bold', i: 'italic', e: 'code', 'shift+k': 'link', 'shift+8': 'list' }
const signs = { bold: '**', italic: '_', code: '`' } as const

export function startMarks(): void {
  document.addEventListener('click', (event) => {
    const name = (event.target as Element).closest<HTMLElement>('[data-mark]')?.dataset.mark
    const box = find<HTMLTextAreaElement>('#body')
    if (name !== undefined && box) setMark(box, name as Mark)
  })
  document.addEventListener('keydown', stepInToolbar)
}

/** Sets the mark that a key of the field stands for. False when it stands for none. */
export function markByKey(event: KeyboardEvent, box: HTMLTextAreaElement): boolean {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return false
  const key = /^(Key|Digit)/.test(event.code) ? event.code.slice(-1).toLowerCase() : event.key.toLowerCase()
  const name = keys[event.shiftKey ? `shift+${key}` : key]
  if (name) setMark(box, name)
  return name !== undefined
}

export function setMark(box: HTMLTextAreaElement, name: Mark): void {
  const { from, to, text, selected } = marked(box, name)
  write(box, text, from, to)
  box.setSelectionRange(...selected)
}

function marked(box: HTMLTextAreaElement, name: Mark): Marked {
  const { value, selectionStart, selectionEnd } = box
  if (name === 'list') return asList(value, selectionStart, selectionEnd)
  const chosen = value.slice(selectionStart, selectionEnd)
  if (name === 'code' && chosen.includes('\n')) return asBlock(value, selectionStart, selectionEnd)
  // A mark stands at the words, not at the spaces around them.
  const from = selectionStart + (chosen.length - chosen.trimStart().length)
  const to = Math.max(from, selectionEnd - (chosen.length - chosen.trimEnd().length))
  if (name === 'link') return asLink(value, from, to, box.dataset.words ?? '')
  return between(value, from, to, signs[name])
}

/** Sets a sign on both sides, or takes it away where it stands. */
function between(value: string, from: number, to: number, sign: string): Marked {
  const inside = value.slice(from, to)
  const { length } = sign
  if (value.slice(from - length, from) === sign && value.slice(to, to + length) === sign) {
    return { from: from - length, to: to + length, text: inside, selected: [from - length, to - length] }
  }
  return { from, to, text: `${sign}${inside}${sign}`, selected: [from + length, to + length] }
}

function asLink(value: string, from: number, to: number, words: string): Marked {
  const chosen = value.slice(from, to)
  const isAddress = /^(https?:\/\/|mailto:|tel:)\S+$/i.test(chosen)
  const [name, address] = isAddress ? [words, chosen] : [chosen || words, 'https://']
  const start = isAddress || chosen === '' ? from + 1 : from + name.length + 3
  const length = isAddress || chosen === '' ? name.length : address.length
  return { from, to, text: `[${name}](${address})`, selected: [start, start + length] }
}

function asList(value: string, start: number, end: number): Marked {
  const [from, to] = linesAround(value, start, end)
  const lines = value.slice(from, to).split('\n')
  const item = /^\s*- /
  const all = lines.every((line) => item.test(line))
  const text = lines.map((line) => (all ? line.replace(item, '') : item.test(line) ? line : `- ${line}`)).join('\n')
  return {
    from,
    to,
    text,
    selected: start === end ? [from + text.length, from + text.length] : [from, from + text.length],
  }
}

function asBlock(value: string, start: number, end: number): Marked {
  const [from, to] = linesAround(value, start, end)
  const fence = '```'
  const text = `${fence}\n${value.slice(from, to)}\n${fence}`
  return { from, to, text, selected: [from + 4, from + text.length - 4] }
}

function linesAround(value: string, start: number, end: number): [number, number] {
  const next = value.indexOf('\n', end)
  return [value.lastIndexOf('\n', start - 1) + 1, next < 0 ? value.length : next]
}

/** One stop for the Tab key; from there the arrow keys go on. */
function stepInToolbar(event: KeyboardEvent): void {
  const bar = (event.target as Element).closest<HTMLElement>('[role="toolbar"]')
  if (!bar || (event.key !== 'ArrowRight' && event.key !== 'ArrowLeft')) return
  const all = [...bar.querySelectorAll<HTMLElement>('button')]
  const forward = (event.key === 'ArrowRight') === (getComputedStyle(bar).direction !== 'rtl')
  const to = all.at((all.indexOf(event.target as HTMLElement) + (forward ? 1 : -1)) % all.length)
  if (!to) return
  event.preventDefault()
  for (const one of all) one.tabIndex = one === to ? 0 : -1
  to.focus()
}
