import { find, onMove, onOpen } from './place.ts'

// Zones are chosen one after another: with each, the list comes anew, and the menu with it. So does one that somebody has
// opened while the list was on its way.
let shown: { menu: string; item: string } | null = null

export function startFilters(): void {
  document.addEventListener('htmx:before:swap', () => {
    const menu = find('#inbox [role="menu"]:popover-open')
    shown = menu && { menu: menu.id, item: document.activeElement?.id ?? '' }
  })
  // Whoever closes it has closed it; one that is taken away with its list says nothing.
  const closed = (event: Event) => {
    if ((event as ToggleEvent).newState === 'closed') shown = null
  }
  document.addEventListener('beforetoggle', closed, true)
  onOpen(openAgain)
  onMove(openAgain)
}

/** As it stood, with the focus where it was. */
function openAgain(): void {
  const menu = shown && find(`#${CSS.escape(shown.menu)}`)
  const item = shown?.item ? menu?.querySelector<HTMLElement>(`#${CSS.escape(shown.item)}`) : null
  shown = null
  if (!menu || menu.matches(':popover-open')) return
  // Where the focus goes when the menu is closed.
  find(`[popovertarget="${menu.id}"]`)?.focus()
  menu.showPopover()
  // After the menu has focused its first item, as it does when it opens.
  if (item) requestAnimationFrame(() => requestAnimationFrame(() => item.focus()))
}
