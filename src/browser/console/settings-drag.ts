// A row is taken by its grip and put down between two others, with a mouse, a finger or the keyboard. While it is in hand no
// news moves the list under it.

/** A list whose order can be changed so, by selectors. */
export type Arranged = {
  /** What holds the rows, and what a row is in it. */
  rows: string
  row: string
  grip: string
  /** What asks for the list anew when there is news. */
  list: string
  /** Says behind which one a row stands now. */
  put(row: HTMLElement): void
  /** Asks for what has come meanwhile. */
  ask(): void
}

type Drag = { row: HTMLElement; pointer: number; before: Element | null }
type Swap = CustomEvent<{ tasks: { target: unknown }[] }>

export function startDragging(of: Arranged): void {
  let drag: Drag | null = null
  const holder = (): HTMLElement | null => document.querySelector<HTMLElement>(of.rows)
  const rows = (): HTMLElement[] => [...(holder()?.querySelectorAll<HTMLElement>(of.row) ?? [])]
  const gripIn = (row: HTMLElement): HTMLElement | null => row.querySelector<HTMLElement>(of.grip)

  document.addEventListener('pointerdown', begin)
  document.addEventListener('pointermove', follow)
  document.addEventListener('pointerup', () => letGo(true))
  document.addEventListener('pointercancel', () => letGo(false))
  document.addEventListener('keydown', pressed)
  document.addEventListener('htmx:before:request', (event) => {
    if (drag && event.target instanceof Element && event.target.matches(of.list)) event.preventDefault()
  })
  // Nor by an answer to what was asked before it was taken: as soon as it is let go the list is asked for again.
  document.addEventListener('htmx:before:swap', (event) => {
    const list = document.querySelector(of.list)
    const { tasks } = (event as Swap).detail
    if (drag) tasks.splice(0, tasks.length, ...tasks.filter(({ target }) => target !== list))
  })

  function rowOf({ target }: Event): HTMLElement | null {
    const grip = target instanceof Element ? target.closest(of.grip) : null
    return grip?.closest<HTMLElement>(of.row) ?? null
  }

  function begin(event: PointerEvent): void {
    const row = rowOf(event)
    if (!row || event.button !== 0) return
    event.preventDefault()
    gripIn(row)?.focus()
    gripIn(row)?.setPointerCapture(event.pointerId)
    drag = { row, pointer: event.pointerId, before: row.previousElementSibling }
    row.dataset.dragged = ''
    document.body.dataset.dragging = ''
  }

  /** The row steps past a neighbour once the pointer is past the neighbour's middle. */
  function follow(event: PointerEvent): void {
    if (!drag || event.pointerId !== drag.pointer) return
    const { row } = drag
    const others = rows().filter((other) => other !== row)
    const next = others.find((other) => {
      const { top, height } = other.getBoundingClientRect()
      return event.clientY < top + height / 2
    })
    if ((next ?? null) === row.nextElementSibling) return
    holder()?.insertBefore(row, next ?? null)
    gripIn(row)?.setPointerCapture(event.pointerId)
    row.scrollIntoView({ block: 'nearest' })
  }

  /** Where it is; or given up, where it was. */
  function letGo(put: boolean): void {
    if (!drag) return
    const { row, before } = drag
    drag = null
    delete row.dataset.dragged
    delete document.body.dataset.dragging
    if (put && row.previousElementSibling !== before) return of.put(row)
    if (before) before.after(row)
    else holder()?.prepend(row)
    of.ask()
  }

  function pressed(event: KeyboardEvent): void {
    if (drag && event.key === 'Escape') {
      event.preventDefault()
      return letGo(false)
    }
    const row = rowOf(event)
    if (!row || event.ctrlKey || event.metaKey || event.altKey) return
    const all = rows()
    const here = all.indexOf(row)
    const there = { ArrowUp: here - 1, ArrowDown: here + 1, Home: 0, End: all.length - 1 }[event.key]
    if (there === undefined) return
    event.preventDefault()
    const other = all[there]
    if (!other || other === row) return
    if (there < here) other.before(row)
    else other.after(row)
    gripIn(row)?.focus()
    of.put(row)
  }
}
