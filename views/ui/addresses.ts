const allowed = new Set(['http:', 'https:', 'mailto:', 'tel:'])

// Looked for from its beginning only: eight thousand dots in the middle would else be tried one by one.
const closing = /(?<![.,;:!?)\]}»”’…*_~])[.,;:!?)\]}»”’…*_~]+$/

/** The link in what looks like an address, without what only ends the sentence around it; null when it is none. */
export function addressIn(found: string): { href: string; words: string } | null {
  const words = withoutClosing(found)
  const href = safeHref(words)
  return href === null ? null : { href, words }
}

/** A link under words of its own; null when it leads nowhere, or when its words pretend to be another address. */
export function namedLink(words: string, to: string): { href: string; words: string } | null {
  const href = safeHref(to)
  return href === null || /:\/\/|^www\./i.test(words.trim()) ? null : { href, words }
}

// A sentence may end with an address; a bracket that opened inside it belongs to it.
function withoutClosing(found: string): string {
  const tail = closing.exec(found)
  if (!tail) return found
  const kept = found.slice(0, tail.index)
  return tail[0].startsWith(')') && kept.includes('(') ? `${kept})` : kept
}

/** Only http, https, mailto and tel ever become links. */
function safeHref(text: string): string | null {
  try {
    const url = new URL(text)
    return allowed.has(url.protocol) ? url.href : null
  } catch {
    return null
  }
}
