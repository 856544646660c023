import { find } from './place.ts'

/** Marks the row of the open conversation: the list itself is the same for every reader. */
export function markOpenRow(): void {
  for (const link of document.querySelectorAll<HTMLAnchorElement>('#rows a.row')) {
    if (link.pathname === location.pathname) link.setAttribute('aria-current', 'true')
    else link.removeAttribute('aria-current')
  }
}

const pageSize = 50

/** A list that asks again asks for as many rows as it shows, and one that shows all, for some more. */
export function keepListLength(): void {
  document.addEventListener('htmx:config:request', (event) => {
    const { ctx } = (event as CustomEvent<{ ctx: { sourceElement: Element; request: { action: string } } }>).detail
    const rows = find('#rows')
    if (ctx.sourceElement !== rows || !rows) return
    const shown = rows.querySelectorAll('li[data-conversation]').length
    const limit = find('#more') ? shown : shown + pageSize
    if (shown >= pageSize) ctx.request.action += `&limit=${limit}`
  })
}
