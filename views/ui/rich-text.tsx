import type { Inline } from './inline-markup.ts'
import { type Block, parseMarkup } from './markup.ts'

/** A message with its light markup. The text itself, as it was written, is what is kept and copied. */
export const RichText = ({ text }: { text: string }) => <>{parseMarkup(text).map(block)}</>

function block(piece: Block) {
  if (typeof piece === 'object' && piece.kind === 'block') {
    return (
      <pre>
        <code>{piece.code}</code>
      </pre>
    )
  }
  if (typeof piece !== 'object' || piece.kind !== 'list') return inline(piece)
  const items = piece.items.map((item) => <li>{item.map(inline)}</li>)
  return piece.from === null ? <ul>{items}</ul> : <ol start={piece.from}>{items}</ol>
}

function inline(piece: Inline) {
  if (typeof piece === 'string') return piece
  switch (piece.kind) {
    case 'bold':
      return <strong>{piece.inside.map(inline)}</strong>
    case 'italic':
      return <em>{piece.inside.map(inline)}</em>
    case 'code':
      return <code>{piece.code}</code>
    default:
      return (
        <a href={piece.href} target="_blank" rel="noopener noreferrer nofollow">
          {piece.words}
        </a>
      )
  }
}
