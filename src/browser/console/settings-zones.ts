import { ask } from './ask.ts'
import { find } from './place.ts'
import { toast } from './toast.ts'

// A zone is taken by its grip and put down between two others, with a mouse, a finger or the keyboard.
type Drag = { row: HTMLElement; pointer: number; before: Element | null }

let drag: Drag | null = null

const list = (): HTMLElement | null => find('#zone-rows')

/** Nothing on other pages. */
export function startZones(): void {
  if (!find('#zones')) return
  document.addEventListener('pointerdown', begin)
  document.addEventListener('pointermove', follow)
  document.addEventListener('pointerup', () => letGo(true))
  document.addEventListener('pointercancel', () => letGo(false))
  document.addEventListener('keydown', pressed)
  // While one is in hand no news moves the list under it.
  document.addEventListener('htmx:before:request', (event) => {
    if (drag && event.target === find('#zones')) event.preventDefault()
  })
}

const rowOf = ({ target }: Event): HTMLElement | null =>
  target instanceof Element ? (target.closest('[data-zone-grip]')?.closest<HTMLElement>('[data-zone]') ?? null) : null
const gripIn = (row: HTMLElement) => row.querySelector<HTMLElement>('[data-zone-grip]')

function begin(event: PointerEvent): void {
  const row = rowOf(event)
  if (!row || event.button !== 0) return
  event.preventDefault()
  gripIn(row)?.focus()
  gripIn(row)?.setPointerCapture(event.pointerId)
  drag = { row, pointer: event.pointerId, before: row.previousElementSibling }
  row.dataset.dragged = ''
}

/** The row steps past a neighbour once the pointer is past the neighbour's middle. */
function follow(event: PointerEvent): void {
  if (!drag || event.pointerId !== drag.pointer) return
  const { row } = drag
  const others = [...(list()?.children ?? [])].filter((other) => other !== row)
  const next = others.find((other) => {
    const { top, height } = other.getBoundingClientRect()
    return event.clientY < top + height / 2
  })
  if ((next ?? null) === row.nextElementSibling) return
  list()?.insertBefore(row, next ?? null)
  gripIn(row)?.setPointerCapture(event.pointerId)
}

function letGo(put: boolean): void {
  if (!drag) return
  const { row, before } = drag
  drag = null
  delete row.dataset.dragged
  if (row.previousElementSibling === before) return
  if (put) return void place(row)
  if (before) before.after(row)
  else list()?.prepend(row)
}

function pressed(event: KeyboardEvent): void {
  if (drag && event.key === 'Escape') return letGo(false)
  const row = rowOf(event)
  if (!row || event.ctrlKey || event.metaKey || event.altKey) return
  const all = [...(list()?.children ?? [])]
  const here = all.indexOf(row)
  const there = { ArrowUp: here - 1, ArrowDown: here + 1, Home: 0, End: all.length - 1 }[event.key]
  if (there === undefined) return
  event.preventDefault()
  const other = all[there]
  if (!other || other === row) return
  if (there < here) other.before(row)
  else other.after(row)
  gripIn(row)?.focus()
  void place(row)
}

/** Says behind which one it stands now; where that cannot be kept, the list is asked for as it is. */
async function place(row: HTMLElement): Promise<void> {
  const before = row.previousElementSibling as HTMLElement | null
  const after = new URLSearchParams({ after: before?.dataset.zone ?? '' })
  const done = await ask('PUT', `/settings/zones/${row.dataset.zone}/place`, after)
  if (!done?.ok) toast(find('#zones')?.dataset.failed ?? '', { failed: true })
  document.body.dispatchEvent(new CustomEvent('zones-changed'))
  const said = find('#zones-moved')
  const number = `${[...(list()?.children ?? [])].indexOf(row) + 1}`
  const words = (said?.dataset.words ?? '').replace('…name…', () => row.dataset.name ?? '').replace('…place…', number)
  if (said && done?.ok) said.textContent = words
}
