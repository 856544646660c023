import { addressIn, namedLink } from './addresses.ts'

export type Inline = string | Emphasis | { kind: 'code'; code: string } | Link
export type Emphasis = { kind: 'bold' | 'italic'; inside: Inline[] }
export type Link = { kind: 'link'; href: string; words: string }

/** A star or an underscore that may begin or end something; `role` is what it turned out to be, if anything. */
type Mark = {
  kind: 'mark'
  makes: Emphasis['kind']
  as: string
  opens: boolean
  closes: boolean
  /** of three stars, which are bold and italic in either order, the other half */
  first?: Mark
  second?: Mark
  role?: 'opening' | 'closing'
}
type Piece = Exclude<Inline, Emphasis> | Mark

/** The pieces of one line: see `parseMarkup`. */
export function inlineMarkup(line: string): Inline[] {
  const pieces = piecesOf(line)
  pairUp(pieces.filter(isMark))
  return nest(pieces)
}

const isMark = (piece: Piece): piece is Mark => typeof piece === 'object' && piece.kind === 'mark'

// Code, links and addresses come first: stars and underscores may stand inside them. No part of it looks at the same
// characters twice: each stops where the next could begin.
const special =
  /(?<!`)`([^`]+)`(?!`)|\[([^[\]]+)\]\(([^\s()]*(?:\([^\s()]*\)[^\s()]*)*)\)|(?:https?:\/\/|mailto:|tel:)[^\s<>"'`]+|\*+|_+/gi

function piecesOf(line: string): Piece[] {
  const pieces: Piece[] = []
  const scan = new RegExp(special)
  let end = 0
  for (let found = scan.exec(line); found; found = scan.exec(line)) {
    const made = pieceOf(found, line)
    if (!made) {
      // The words of a link that is none may hold something else.
      if (found[2] !== undefined) scan.lastIndex = found.index + 1
      continue
    }
    if (found.index > end) pieces.push(line.slice(end, found.index))
    pieces.push(...made.pieces)
    end = scan.lastIndex = found.index + made.length
  }
  if (end < line.length) pieces.push(line.slice(end))
  return pieces
}

function pieceOf(found: RegExpExecArray, line: string): { pieces: Piece[]; length: number } | null {
  const [whole, code, words, to] = found
  const { length } = whole
  if (code !== undefined) return { pieces: [{ kind: 'code', code }], length }
  if (whole.startsWith('*') || whole.startsWith('_')) {
    const pieces = marksOf(whole, line, found.index)
    return pieces && { pieces, length }
  }
  const link = words === undefined ? addressIn(whole) : namedLink(words, to ?? '')
  return link && { pieces: [{ kind: 'link', ...link }], length: words === undefined ? link.words.length : length }
}

const word = /[\p{L}\p{N}\p{M}]/u

function marksOf(run: string, line: string, at: number): Mark[] | null {
  const end = at + run.length
  const left = /.$/u.exec(line.slice(Math.max(0, at - 2), at))?.[0] ?? ' '
  const right = /^./u.exec(line.slice(end, end + 2))?.[0] ?? ' '
  const opens = right.trim() !== '' && !word.test(left)
  const closes = left.trim() !== '' && !word.test(right)
  const mark = (makes: Mark['makes'], as: string): Mark => ({ kind: 'mark', makes, as, opens, closes })
  if (!opens && !closes) return null
  if (run === '_' || run === '*') return [mark('italic', run)]
  if (run === '**') return [mark('bold', run)]
  if (run !== '***') return null
  const bold = mark('bold', '**')
  const italic = mark('italic', '*')
  bold.second = italic
  italic.first = bold
  return [bold, italic]
}

/** Finds which marks belong together: the nearest that fits, never across another pair. */
function pairUp(marks: Mark[]): void {
  const open: Mark[] = []
  const waiting: Record<string, number> = {}
  for (const mark of marks) {
    const top = open.at(-1)
    if (mark.second && mark.second.as === top?.as) swap(mark, mark.second)
    if (top?.first && top.first === open.at(-2) && top.first.as === mark.as) swap(top, top.first)
    if (mark.closes && (waiting[mark.as] ?? 0) > 0) {
      for (let partner = open.pop(); partner; partner = open.pop()) {
        waiting[partner.as] = (waiting[partner.as] ?? 1) - 1
        if (partner.as !== mark.as) continue
        partner.role = 'opening'
        mark.role = 'closing'
        break
      }
    } else if (mark.opens) {
      open.push(mark)
      waiting[mark.as] = (waiting[mark.as] ?? 0) + 1
    }
  }
}

function swap(one: Mark, other: Mark): void {
  const { makes, as } = one
  Object.assign(one, { makes: other.makes, as: other.as })
  Object.assign(other, { makes, as })
}

// Bold inside bold is bold: so the tree is never deeper than both together, whatever was written.
function nest(pieces: Piece[]): Inline[] {
  const levels: Inline[][] = [[]]
  const depth = { bold: 0, italic: 0 }
  for (const piece of pieces) {
    const level = levels.at(-1) ?? []
    if (!isMark(piece)) add(level, piece)
    else if (piece.role === undefined) add(level, piece.as)
    else if (piece.role === 'closing') {
      if (--depth[piece.makes] === 0) levels.pop()
    } else if (depth[piece.makes]++ === 0) {
      const inside: Inline[] = []
      level.push({ kind: piece.makes, inside })
      levels.push(inside)
    }
  }
  return levels[0] ?? []
}

/** Adds a piece behind others; text to text. */
export function add<P>(pieces: (P | string)[], piece: P | string): void {
  const last = pieces.at(-1)
  if (typeof last === 'string' && typeof piece === 'string') pieces[pieces.length - 1] = last + piece
  else pieces.push(piece)
}
