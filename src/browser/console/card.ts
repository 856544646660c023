import htmx from 'htmx.org'
import { startDeeds } from './deeds.ts'
import { openEditor, startEditors } from './editors.ts'
import { action } from './keys.ts'
import { find } from './place.ts'
import { startSheets } from './sheet.ts'
import { visit } from './visit.ts'

/** The contact card: what is done from it, and how one gets to it. */
export function startCard(): void {
  document.addEventListener('unfolded', openArrow)
  startEditors()
  startDeeds()
  startSheets()
  document.addEventListener('click', clicked)
  document.addEventListener('htmx:before:request', askAsItIs)
  action({ name: 'card', keys: ['c'], when: hasCard, run: () => void show(focusCard) })
  action({ name: 'edit', keys: ['e'], when: hasCard, run: () => void show(() => edit('#card-name')) })
  action({
    name: 'link_client',
    keys: ['i'],
    when: hasCard,
    run: () => void show(() => find('#card-link [data-sheet]')?.click()),
  })
  action({ name: 'client_more', keys: ['m'], when: hasCard, run: () => void show(() => find('#card-more')?.click()) })
  action({ name: 'note', keys: ['n'], when: hasCard, run: () => void show(() => edit('#add-note')) })
}

const hasCard = (): boolean => find('#card') !== null

/** Brings the card into view where there is no room beside the conversation. */
async function show(then: () => void): Promise<void> {
  if (!find('#card')?.checkVisibility()) {
    const address = new URL(location.href)
    address.searchParams.set('show', 'card')
    await visit(address.href)
  }
  then()
}

/** What stands behind the arrow has been shown already; now the rest of it comes. */
function openArrow(): void {
  const arrow = find('#card-more')
  if (arrow?.ariaExpanded !== 'false') return
  // At the page's start htmx has not been there yet.
  htmx.process(arrow)
  arrow.click()
}

function focusCard(): void {
  find('#card a:any-link, #card button')?.focus()
}

function edit(selector: string): void {
  const one = find(selector)
  if (one) openEditor(one)
}

function clicked({ target }: MouseEvent): void {
  const pressed = target as Element
  const opener = pressed.closest<HTMLElement>('[data-open]')
  // The menu that it stands in gives the focus back to its button first.
  if (opener) requestAnimationFrame(() => void show(() => edit(opener.dataset.open ?? '')))
}

type Asking = { ctx?: { sourceElement?: Element; request?: { action?: string } } }

/** News that waited behind what opened a part of the card are asked for with that part: the address they had is of before. */
function askAsItIs(event: Event): void {
  const { ctx } = (event as CustomEvent<Asking>).detail
  const address = ctx?.sourceElement?.id === 'card' ? ctx.sourceElement.getAttribute('hx-get') : null
  if (address !== null && ctx?.request) ctx.request.action = address
}
