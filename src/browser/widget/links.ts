export type Piece = string | { href: string; text: string }

const address = /(?:https?:\/\/|mailto:|tel:)[^\s<>"'`]+/gi
// Looked for from its beginning only: eight thousand dots in the middle would else be tried one by one.
const closing = /(?<![.,;:!?)\]}»”’…])[.,;:!?)\]}»”’…]+$/

const allowed = new Set(['http:', 'https:', 'mailto:', 'tel:'])

/** Splits a text into plain pieces and links. Only http, https, mailto and tel ever become links. */
export function linkPieces(text: string): Piece[] {
  const pieces: Piece[] = []
  let end = 0
  for (const match of text.matchAll(address)) {
    const shown = withoutClosing(match[0])
    const href = safeHref(shown)
    if (!href) continue
    if (match.index > end) pieces.push(text.slice(end, match.index))
    pieces.push({ href, text: shown })
    end = match.index + shown.length
  }
  if (end < text.length) pieces.push(text.slice(end))
  return pieces
}

// A sentence may end with an address; a bracket that opened inside it belongs to it.
function withoutClosing(found: string): string {
  const tail = closing.exec(found)
  if (!tail) return found
  const kept = found.slice(0, tail.index)
  return tail[0].startsWith(')') && kept.includes('(') ? `${kept})` : kept
}

function safeHref(text: string): string | null {
  try {
    const url = new URL(text)
    return allowed.has(url.protocol) ? url.href : null
  } catch {
    return null
  }
}
