import { find } from './place.ts'

// The number of conversations with something unread stands in the title, in the icon of the tab, in the rail and, where
// the console is installed, on its own icon: all follow `data-unread`, which the list keeps.
const shell = find('.console')
const icon = find<HTMLLinkElement>('link[rel="icon"]')
const plainIcon = icon?.href ?? ''

let prefix = ''

export function startTitle(): void {
  if (!shell) return
  prefix = prefixOf(unread())
  show()
  new MutationObserver(show).observe(shell, { attributeFilter: ['data-unread'] })
  document.body.addEventListener('inbox-changed', () => {
    // What was found stands where a list would, and asks for nothing by itself.
    if (!find('#rows[hx-get]')) void ask(shell)
  })
  // A conversation that is opened in place brings a title of its own.
  new MutationObserver(show).observe(document.head, { childList: true, subtree: true, characterData: true })
}

/** A page without the list asks for the number alone. */
async function ask(page: HTMLElement): Promise<void> {
  try {
    const response = await fetch('/inbox/unread', { headers: { Accept: 'application/json' } })
    const { unread: count } = (await response.json()) as { unread?: unknown }
    if (!response.ok || typeof count !== 'number') return
    for (const told of [find('#list-head'), page]) if (told) told.dataset.unread = `${count}`
  } catch {
    // It is asked again when the connection is back.
  }
}

const unread = (): number => Number(shell?.dataset.unread ?? 0)
const shown = (count: number): string => (count > 99 ? '99+' : `${count}`)
const prefixOf = (count: number): string => (count > 0 ? `(${shown(count)}) ` : '')

function show(): void {
  const count = unread()
  const bare = prefix !== '' && document.title.startsWith(prefix) ? document.title.slice(prefix.length) : document.title
  prefix = prefixOf(count)
  const title = prefix + bare
  if (document.title !== title) document.title = title
  showInRail(count)
  const address = count > 0 ? iconWith(count > 9 ? '9+' : `${count}`) : plainIcon
  if (icon && icon.href !== address) icon.href = address
  const { setAppBadge } = navigator as { setAppBadge?: (count: number) => Promise<void> }
  setAppBadge?.call(navigator, count).catch(() => undefined)
}

function showInRail(count: number): void {
  const badge = find('#rail-unread')
  const number = badge?.querySelector('.count')
  if (!badge || !number) return
  badge.hidden = count === 0
  number.textContent = shown(count)
}

/** The mark with a red number, drawn here: the icon of a tab is too small for what the page says beside it. */
function iconWith(number: string): string {
  const mark = 'M4 4v15M15 4 7.5 11.4M8.5 10.8 15 19M2 19h14'
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path d="${mark}" fill="none" stroke="#155c88" stroke-width="2.4" stroke-linecap="round" stroke-linejoin="round"/><rect x="${number.length > 1 ? 7 : 10}" y="0" width="${number.length > 1 ? 17 : 14}" height="14" rx="7" fill="#c51e21"/><text x="${number.length > 1 ? 15.5 : 17}" y="11" text-anchor="middle" font-family="sans-serif" font-size="11" font-weight="700" fill="#fff">${number}</text></svg>`
  return `data:image/svg+xml,${encodeURIComponent(svg)}`
}
