import { find, onMove, onOpen } from './place.ts'

// Zones are chosen one after another: with each, the list comes anew, and the menu with it.
let chosen = ''

export function startFilters(): void {
  document.addEventListener('click', ({ target }) => {
    chosen = (target as Element).closest('#inbox [role="menuitemcheckbox"]')?.id ?? ''
  })
  onOpen(openAgain)
  onMove(openAgain)
}

/** As it stood, with the focus where it was. */
function openAgain(): void {
  const item = chosen === '' ? null : find(`#${CSS.escape(chosen)}`)
  chosen = ''
  const menu = item?.closest<HTMLElement>('[role="menu"]')
  if (!item || !menu || menu.matches(':popover-open')) return
  // Where the focus goes when the menu is closed.
  find(`[popovertarget="${menu.id}"]`)?.focus()
  menu.showPopover()
  // After the menu has focused its first item, as it does when it opens.
  requestAnimationFrame(() => requestAnimationFrame(() => item.focus()))
}
