import { parsePosition } from '../../../views/templates/position.ts'
import { startImport } from './settings-import.ts'
import { startTemplateOrder } from './settings-template-order.ts'
import { write } from './writing.ts'

// The cabinet's page of templates: what the form and the list do beyond asking the server.
const find = <E extends HTMLElement>(selector: string): E | null => document.querySelector<E>(selector)
const form = (): HTMLFormElement | null => find<HTMLFormElement>('#template-form')

/** Nothing on other pages. */
export function startTemplates(): void {
  if (!find('#templates-desk')) return
  startTemplateOrder()
  startImport()
  document.addEventListener('click', clicked)
  // Before htmx hears of it.
  document.addEventListener('click', mayOpen, true)
  document.addEventListener('change', ({ target }) => {
    const goes = target instanceof Element ? target.closest<HTMLFormElement>('form[data-goes]') : null
    goes?.requestSubmit()
  })
  document.addEventListener('input', ({ target }) => {
    if (target instanceof HTMLInputElement && target.id === 'template-position') sayWhere(target)
  })
  document.addEventListener('htmx:after:swap', () => requestAnimationFrame(formChanged))
  formChanged()
}

function clicked({ target }: MouseEvent): void {
  if (target instanceof Element && target.closest('.to-form')) find('#template-name')?.focus()
  const holder = target instanceof Element ? target.closest<HTMLElement>('[data-insert]') : null
  const text = find<HTMLTextAreaElement>('#template-text')
  if (holder && text) write(text, holder.dataset.insert ?? '', text.selectionEnd, text.selectionEnd)
}

/** Another template takes the place of the one that is written: not of one that is not saved, unless somebody says so. */
function mayOpen(event: MouseEvent): void {
  const opener = event.target instanceof Element ? event.target.closest('[data-opens-form]') : null
  if (!opener || opener.closest('#template-form') || !isUnsaved() || confirm(find('#templates-desk')?.dataset.lost))
    return
  event.preventDefault()
  event.stopImmediatePropagation()
}

function isUnsaved(): boolean {
  const fields = [...(form()?.elements ?? [])]
  return (
    form()?.dataset.refused !== undefined ||
    fields.some((field) => {
      if (field instanceof HTMLTextAreaElement) return field.value !== field.defaultValue
      if (field instanceof HTMLSelectElement) return field.value !== shownIn(field)
      if (!(field instanceof HTMLInputElement)) return false
      return /^(checkbox|radio)$/.test(field.type)
        ? field.checked !== field.defaultChecked
        : field.value !== field.defaultValue
    })
  )
}

const shownIn = ({ options }: HTMLSelectElement): string | undefined =>
  ([...options].find((one) => one.defaultSelected) ?? options[0])?.value

let shown: HTMLElement | null = form()

/** Another form stands there: the eye and the focus go to it, and its row is marked. */
function formChanged(): void {
  const now = form()
  for (const row of document.querySelectorAll<HTMLElement>('[data-edited]')) {
    if (row.dataset.template !== now?.dataset.template) delete row.dataset.edited
  }
  const { template } = now?.dataset ?? {}
  if (template !== undefined) find(`#template-${template}`)?.setAttribute('data-edited', '')
  if (!now || now === shown) return
  shown = now
  const position = now.querySelector<HTMLInputElement>('#template-position')
  if (position) sayWhere(position)
  const wrong = now.querySelector<HTMLElement>('[aria-invalid="true"]')
  const first = wrong ?? now.querySelector<HTMLElement>('#template-name')
  now.scrollIntoView({ block: 'nearest' })
  first?.focus({ preventScroll: wrong === null })
}

/** Behind which one it will stand, of those that the list shows. */
function sayWhere({ value }: HTMLInputElement): void {
  const hint = find('#template-position-hint')
  const position = parsePosition(value)
  if (!hint) return
  const { empty = '', first = '', after = '' } = hint.dataset
  const rows = [...document.querySelectorAll<HTMLElement>('#template-rows tr[data-position]')]
  const before = rows.findLast(({ dataset }) => {
    const isOwn = dataset.template === form()?.dataset.template
    return !isOwn && position !== null && Number(dataset.position) <= position
  })
  const shownAt = before?.querySelector<HTMLInputElement>('.position input')?.value ?? ''
  const words = after.replace('…position…', () => shownAt).replace('…name…', () => before?.dataset.name ?? '')
  hint.textContent = position === null ? empty : before ? words : first
}
