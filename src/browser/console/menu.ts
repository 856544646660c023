// Menus are popovers of their own: the browser closes them by Escape and by a press elsewhere, and gives the focus back.
const gapPx = 4
const edgePx = 8

export function startMenus(): void {
  document.addEventListener('beforetoggle', (event) => toggled(event as ToggleEvent), true)
  document.addEventListener('keydown', pressed)
  document.addEventListener('htmx:after:swap', putBack)
  document.addEventListener('click', ({ target }) => {
    // Of what can be chosen several at once, one goes on choosing.
    const item = (target as Element).closest('[role^="menuitem"]:not([role="menuitemcheckbox"])')
    item?.closest<HTMLElement>('[role="menu"]')?.hidePopover()
  })
}

function toggled({ target, newState }: ToggleEvent): void {
  const menu = target as HTMLElement
  if (!menu.matches('[role="menu"]')) return
  const button = buttonOf(menu)
  button?.setAttribute('aria-expanded', `${newState === 'open'}`)
  // Shown by then, and not painted yet.
  if (newState === 'open') requestAnimationFrame(() => open(menu, button))
}

/** What came anew knows nothing of where the menu was put. */
function putBack(): void {
  for (const menu of document.querySelectorAll<HTMLElement>('[role="menu"]:popover-open')) {
    const button = buttonOf(menu)
    if (button) putBeside(menu, button)
  }
}

const buttonOf = (menu: HTMLElement): HTMLElement | null =>
  document.querySelector<HTMLElement>(`[popovertarget="${CSS.escape(menu.id)}"]`)

function open(menu: HTMLElement, button: HTMLElement | null): void {
  if (button) putBeside(menu, button)
  focusOn(menu.querySelector('[aria-checked="true"]') ?? itemsOf(menu)[0])
}

/** Below its button, or above where there is no room, and from the button's start edge inwards. */
function putBeside(menu: HTMLElement, button: HTMLElement): void {
  const at = button.getBoundingClientRect()
  const { width, height } = menu.getBoundingClientRect()
  const below = at.bottom + gapPx
  const top = below + height <= innerHeight - edgePx ? below : at.top - gapPx - height
  const left = getComputedStyle(button).direction === 'rtl' ? at.right - width : at.left
  menu.style.top = `${within(top, innerHeight - height)}px`
  menu.style.left = `${within(left, innerWidth - width)}px`
}

const within = (wanted: number, room: number): number => Math.max(edgePx, Math.min(wanted, room - edgePx))

const itemsOf = (menu: Element): HTMLElement[] =>
  [...menu.querySelectorAll<HTMLElement>('[role^="menuitem"]')].filter((item) => item.checkVisibility())

const focusOn = (item: Element | null | undefined): void => (item as HTMLElement | null | undefined)?.focus()

function pressed(event: KeyboardEvent): void {
  const menu = (event.target as Element).closest<HTMLElement>('[role="menu"]')
  if (!menu || event.ctrlKey || event.metaKey || event.altKey) return
  if (event.key === 'Tab') return menu.hidePopover()
  const items = itemsOf(menu)
  const here = items.indexOf(document.activeElement as HTMLElement)
  const next = nextItem(items, here, event.key)
  if (!next) return
  event.preventDefault()
  next.focus()
}

function nextItem(items: HTMLElement[], here: number, key: string): HTMLElement | undefined {
  if (key === 'ArrowDown') return items[(here + 1) % items.length]
  if (key === 'ArrowUp') return items.at(here <= 0 ? -1 : here - 1)
  if (key === 'Home') return items[0]
  if (key === 'End') return items.at(-1)
  if (key.length !== 1 || key === ' ') return
  const begins = (item: HTMLElement) => item.textContent?.trim().toLowerCase().startsWith(key.toLowerCase()) === true
  return [...items.slice(here + 1), ...items.slice(0, here + 1)].find(begins)
}
