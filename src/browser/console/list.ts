import { find } from './place.ts'
import { startListKeys } from './list-keys.ts'
import { startListStates } from './list-states.ts'
import { startListSwaps } from './list-swaps.ts'

/** Marks the row of the open conversation: the list itself is the same for every reader. */
export function markOpenRow(): void {
  for (const link of document.querySelectorAll<HTMLAnchorElement>('#rows a.row')) {
    if (link.pathname === location.pathname) link.setAttribute('aria-current', 'true')
    else link.removeAttribute('aria-current')
  }
}

export function startList(): void {
  startListSwaps()
  startListStates()
  startListKeys()
  keepListLength()
  // Before whoever follows the link.
  document.addEventListener('click', keepConversation, { capture: true })
  document.addEventListener('htmx:after:swap', showUnread)
}

/** Another folder or filter beside the conversation that is open: an address that names both. */
function keepConversation({ target }: MouseEvent): void {
  const link = (target as Element).closest<HTMLAnchorElement>('#list-head a[href], #empty a[href]')
  // By the address: it is ahead of the pane, which may be on its way.
  if (link && location.pathname.startsWith('/c/')) link.pathname = location.pathname
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
