import { find } from './place.ts'
import { startDragging } from './settings-drag.ts'

// Where templates stand: one that is put down somewhere gets a decimal between its neighbours from the server.
// News may make the list anew before that answer: only the answer knows where it stands now.
type Swapped = CustomEvent<{ ctx: { sourceElement: Element } }>

let gripInHand = ''

export function startTemplateOrder(): void {
  startDragging({
    rows: '#template-rows',
    row: 'tr[data-template]',
    grip: '[data-grip]',
    list: '#template-list',
    put,
    ask: () => find('#template-list')?.dispatchEvent(new CustomEvent('list-again')),
  })
  document.addEventListener('htmx:after:swap', (event) => {
    const { sourceElement } = (event as Swapped).detail.ctx
    requestAnimationFrame(() => swapped(sourceElement))
  })
}

/** Says behind which one it stands now. */
function put(row: HTMLElement): void {
  const form = row.querySelector<HTMLFormElement>('.grip form')
  const after = form?.querySelector<HTMLInputElement>('input')
  if (!form || !after) return
  const before = row.previousElementSibling as HTMLElement | null
  after.value = before?.dataset.template ?? ''
  gripInHand = row.querySelector('[data-grip]')?.id ?? ''
  form.requestSubmit()
}

/** The focus stays with what was moved, and where it stands now is said; unless another is in hand already. */
function swapped(asker: Element): void {
  if (document.body.dataset.dragging !== undefined) return
  if (document.activeElement === document.body) document.getElementById(gripInHand)?.focus()
  const moved = asker.matches('.grip form') ? asker.closest<HTMLElement>('[data-template]')?.id : undefined
  if (moved === undefined) return
  gripInHand = ''
  const row = document.getElementById(moved)
  const said = find('#moved')
  if (!row || !said) return
  const words = row.closest<HTMLElement>('table')?.dataset.moved ?? ''
  const position = row.querySelector<HTMLInputElement>('.position input')?.value ?? ''
  said.textContent = words.replace('…name…', () => row.dataset.name ?? '').replace('…position…', () => position)
}
