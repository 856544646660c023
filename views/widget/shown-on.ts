import type { Device, WidgetSettings } from './settings.ts'

type Place = { pathname: string; search: string; hash: string }

/**
 * Whether the launcher shows on a page. A pattern is a path in which `*` stands for anything; one with `?` or `#` in it is
 * held against query and fragment, too.
 */
export function shownOn({ show, paths }: WidgetSettings['pages'], { pathname, search, hash }: Place): boolean {
  if (paths.length === 0) return true
  const path = readable(pathname)
  const whole = path + readable(search + hash)
  const named = paths.some((pattern) =>
    /[?#]/.test(pattern) ? fits(whole, pattern) : fits(path, pattern) || fits(path.replace(/\/$/, ''), pattern),
  )
  return named === (show === 'only')
}

/** What the visitor holds. By the pointer, not by the width alone: a window may be narrow, and a page enlarged. */
export function deviceOf(matches: (query: string) => boolean): Device {
  if (!matches('(pointer:coarse)')) return 'desktop'
  return matches('(max-width:600px),(max-height:500px)') ? 'phone' : 'tablet'
}

// A shop writes its paths as people read them.
function readable(address: string): string {
  try {
    return decodeURI(address)
  } catch {
    return address
  }
}

function fits(text: string, pattern: string): boolean {
  const pieces = pattern.split('*')
  const [first = ''] = pieces
  const last = pieces.at(-1) ?? ''
  if (pieces.length === 1) return text === pattern
  let at = first.length
  for (const piece of pieces.slice(1, -1)) {
    at = text.indexOf(piece, at) + piece.length
    if (at < piece.length) return false
  }
  return text.startsWith(first) && text.endsWith(last) && text.length >= at + last.length
}
