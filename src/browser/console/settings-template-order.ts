import { find } from './place.ts'
import { startDragging } from './settings-drag.ts'

// Where templates stand: one that is put down somewhere gets a decimal between its neighbours from the server.
let moved = ''
let focusOn = ''

export function startTemplateOrder(): void {
  startDragging({
    rows: '#template-rows',
    row: 'tr[data-template]',
    grip: '[data-grip]',
    list: '#template-list',
    put,
    ask: () => find('#template-list')?.dispatchEvent(new CustomEvent('list-again')),
  })
  document.addEventListener('htmx:after:swap', () => requestAnimationFrame(swapped))
}

/** Says behind which one it stands now. */
function put(row: HTMLElement): void {
  const form = row.querySelector<HTMLFormElement>('.grip form')
  const after = form?.querySelector<HTMLInputElement>('input')
  if (!form || !after) return
  const before = row.previousElementSibling as HTMLElement | null
  after.value = before?.dataset.template ?? ''
  focusOn = row.querySelector('[data-grip]')?.id ?? ''
  moved = row.dataset.template ?? ''
  form.requestSubmit()
}

/** The focus stays with what was moved, and where it stands now is said. */
function swapped(): void {
  const row = moved === '' ? null : find(`#template-${CSS.escape(moved)}`)
  if (!row) return
  if (document.activeElement === document.body) document.getElementById(focusOn)?.focus()
  const words = row.closest<HTMLElement>('table')?.dataset.moved ?? ''
  const position = row.querySelector<HTMLInputElement>('.position input')?.value ?? ''
  const said = find('#moved')
  if (said)
    said.textContent = words.replace('…name…', () => row.dataset.name ?? '').replace('…position…', () => position)
  moved = ''
}
