// A row is taken by its grip and put down between two others, with a mouse, a finger or the keyboard; the server gives it a
// decimal between theirs. While it is in hand no news moves the list under it.
type Drag = { row: HTMLElement; pointer: number; before: HTMLElement | null }

let drag: Drag | null = null
let focusOn = ''

const body = (): HTMLElement | null => document.querySelector<HTMLElement>('#template-rows')
const rows = (): HTMLElement[] => [...(body()?.querySelectorAll<HTMLElement>('tr[data-template]') ?? [])]

export function startDragging(): void {
  document.addEventListener('pointerdown', begin)
  document.addEventListener('pointermove', follow)
  document.addEventListener('pointerup', () => drop())
  document.addEventListener('pointercancel', giveUp)
  document.addEventListener('keydown', pressed)
  document.addEventListener('htmx:before:request', (event) => {
    const asks = event.target instanceof Element && event.target.id === 'template-list'
    if (drag && asks) event.preventDefault()
  })
  document.addEventListener('htmx:after:swap', () => requestAnimationFrame(swapped))
}

const gripOf = ({ target }: Event): HTMLElement | null =>
  target instanceof Element ? target.closest<HTMLElement>('[data-grip]') : null

function begin(event: PointerEvent): void {
  const grip = gripOf(event)
  const row = grip?.closest<HTMLElement>('tr')
  if (!grip || !row || event.button !== 0) return
  event.preventDefault()
  grip.focus()
  grip.setPointerCapture(event.pointerId)
  drag = { row, pointer: event.pointerId, before: before(row) }
  row.dataset.dragged = ''
  document.body.dataset.dragging = ''
}

const before = (row: HTMLElement): HTMLElement | null => row.previousElementSibling as HTMLElement | null

/** The row steps past a neighbour once the pointer is past the neighbour's middle. */
function follow(event: PointerEvent): void {
  if (!drag || event.pointerId !== drag.pointer) return
  const { row } = drag
  const place = rows().filter((other) => other !== row)
  const next = place.find((other) => {
    const { top, height } = other.getBoundingClientRect()
    return event.clientY < top + height / 2
  })
  if (next === row.nextElementSibling) return
  body()?.insertBefore(row, next ?? null)
  row.querySelector<HTMLElement>('[data-grip]')?.setPointerCapture(event.pointerId)
  row.scrollIntoView({ block: 'nearest' })
}

function drop(): void {
  const done = letGo()
  if (!done) return
  if (before(done.row) !== done.before) put(done.row)
  else ask()
}

/** For what has come meanwhile. */
const ask = () => document.querySelector('#template-list')?.dispatchEvent(new CustomEvent('list-again'))

function giveUp(): void {
  const done = letGo()
  if (!done) return
  if (done.before) done.before.after(done.row)
  else body()?.prepend(done.row)
  ask()
}

function letGo(): Drag | null {
  const done = drag
  drag = null
  if (done) delete done.row.dataset.dragged
  delete document.body.dataset.dragging
  return done
}

/** Says behind which one it stands now. */
function put(row: HTMLElement): void {
  const form = row.querySelector<HTMLFormElement>('.grip form')
  const after = form?.querySelector<HTMLInputElement>('input')
  if (!form || !after) return
  after.value = before(row)?.dataset.template ?? ''
  focusOn = row.querySelector('[data-grip]')?.id ?? ''
  moved = row.dataset.template ?? ''
  form.requestSubmit()
}

let moved = ''

function pressed(event: KeyboardEvent): void {
  if (drag && event.key === 'Escape') {
    event.preventDefault()
    return giveUp()
  }
  const row = gripOf(event)?.closest<HTMLElement>('tr')
  if (!row || event.ctrlKey || event.metaKey || event.altKey) return
  const all = rows()
  const here = all.indexOf(row)
  const target = { ArrowUp: here - 1, ArrowDown: here + 1, Home: 0, End: all.length - 1 }[event.key]
  if (target === undefined) return
  event.preventDefault()
  const other = all[target]
  if (!other || other === row) return
  if (target < here) other.before(row)
  else other.after(row)
  row.querySelector<HTMLElement>('[data-grip]')?.focus()
  put(row)
}

/** The focus stays with what was moved, and where it stands now is said. */
function swapped(): void {
  const row = moved === '' ? null : document.querySelector<HTMLElement>(`#template-${CSS.escape(moved)}`)
  if (!row) return
  if (document.activeElement === document.body) document.getElementById(focusOn)?.focus()
  const words = row.closest<HTMLElement>('table')?.dataset.moved ?? ''
  const position = row.querySelector<HTMLInputElement>('.position input')?.value ?? ''
  const said = document.querySelector('#moved')
  if (said)
    said.textContent = words.replace('…name…', () => row.dataset.name ?? '').replace('…position…', () => position)
  moved = ''
}
