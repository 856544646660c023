import htmx from 'htmx.org'
import { startFilters } from './list-filters.ts'
import { find, onMove, onOpen, opensPane } from './place.ts'
import { startListKeys } from './list-keys.ts'
import { startListStates } from './list-states.ts'
import { startListSwaps } from './list-swaps.ts'

/** Marks the row of the open conversation: the list itself is the same for every reader. */
export function markOpenRow(): void {
  for (const link of document.querySelectorAll<HTMLAnchorElement>('#rows a.row')) {
    if (isOpenNow(link)) link.setAttribute('aria-current', 'true')
    else link.removeAttribute('aria-current')
  }
}

/** Several rows may lead to one page: then they name the place in it. */
function isOpenNow({ pathname, search }: HTMLAnchorElement): boolean {
  const [there, here] = [new URLSearchParams(search), new URLSearchParams(location.search)]
  return (
    pathname === location.pathname &&
    ['m', 'at'].every((name) => !there.has(name) || there.get(name) === here.get(name))
  )
}

export function startList(): void {
  startListSwaps()
  startListStates()
  startListKeys()
  startFilters()
  keepListLength()
  // Before whoever follows the link.
  document.addEventListener('click', keepConversation, { capture: true })
  document.addEventListener('htmx:after:swap', showUnread)
  document.body.addEventListener('inbox-changed', () => {
    changedAt = performance.now()
  })
  onOpen(askIfReplaced)
  onMove(askIfReplaced)
}

// Longer than a page of the list is on its way.
const onItsWayMs = 10_000

let changedAt = Number.NEGATIVE_INFINITY
let listed: HTMLElement | null = null

/** A list that was put in the place of another may have been made before a change that the other one was told of. */
function askIfReplaced(): void {
  const rows = find('#rows')
  if (rows === listed) return
  const isFirst = listed === null
  listed = rows
  if (!isFirst && performance.now() - changedAt < onItsWayMs) htmx.trigger(document.body, 'inbox-changed')
}

/** Another folder or filter beside the conversation that is open: an address that names both. */
function keepConversation({ target }: MouseEvent): void {
  const link = (target as Element).closest<HTMLAnchorElement>('#inbox a[href^="/inbox?"]')
  // By the address: it is ahead of the pane, which may be on its way.
  if (link && opensPane(location.pathname)) link.pathname = location.pathname
}

/** The page's own number follows what stands above the list. */
function showUnread(): void {
  const unread = find('#list-head')?.dataset.unread
  const shell = find('.console')
  if (shell && unread !== undefined && shell.dataset.unread !== unread) shell.dataset.unread = unread
}

const pageSize = 50

/** A list that asks again asks for as many rows as it shows, in whole pages: so that many ask for the same. */
function keepListLength(): void {
  document.addEventListener('htmx:config:request', (event) => {
    const { ctx } = (event as CustomEvent<{ ctx: { sourceElement: Element; request: { action: string } } }>).detail
    const { sourceElement, request } = ctx
    const rows = find('#rows')
    // Other things can be undone too, and know nothing of the list.
    const asksForList = request.action.startsWith('/inbox/')
    if (!rows || !asksForList || !(sourceElement === rows || sourceElement.matches('#read-all, #toasts [data-undo]')))
      return
    const shown = Math.ceil(rows.querySelectorAll('li[data-conversation]').length / pageSize) * pageSize
    const limit = find('#more') ? shown : shown + pageSize
    if (limit > pageSize) request.action += `&limit=${limit}`
  })
}
