import { find } from './place.ts'

// What was done is said for as long as it can be undone, and for as long as somebody points at it.
const staysMs = 10_000
const most = 3

const undoing = new WeakMap<Element, () => void>()

/** Says what was done, or, `failed`, what was not. `undo` is offered beside it for ten seconds. */
export function toast(words: string, { undo, failed = false }: { undo?: () => void; failed?: boolean } = {}): void {
  const one = find<HTMLTemplateElement>('#toast')?.content.firstElementChild?.cloneNode(true) as HTMLElement | undefined
  const said = one?.querySelector('.words')
  if (!one || !said) return
  said.textContent = words
  one.toggleAttribute('data-failed', failed)
  if (undo) undoing.set(one, undo)
  else one.querySelector('[data-undo]')?.remove()
  find('#toasts')?.append(one)
}

/** Undoes what was said last, if it can be undone. */
export function undoLast(): void {
  undoButtons().at(-1)?.click()
}

export const canUndo = (): boolean => undoButtons().length > 0

const undoButtons = (): HTMLButtonElement[] => [
  ...document.querySelectorAll<HTMLButtonElement>('#toasts > :not([hidden]) [data-undo]'),
]

/** Whatever comes into `#toasts`, from here or as a fragment, leaves it again. */
export function startToasts(): void {
  const place = find('#toasts')
  if (!place) return
  new MutationObserver((records) => {
    for (const node of records.flatMap(({ addedNodes }) => [...addedNodes])) {
      if (node instanceof HTMLElement) stay(node)
    }
    for (const old of [...place.children].slice(0, -most)) old.remove()
  }).observe(place, { childList: true })
  place.addEventListener('click', clicked)
}

function stay(one: HTMLElement): void {
  let timer = 0
  const hold = () => clearTimeout(timer)
  const leaveLater = () => {
    hold()
    timer = window.setTimeout(() => one.remove(), staysMs)
  }
  for (const name of ['pointerenter', 'focusin']) one.addEventListener(name, hold)
  for (const name of ['pointerleave', 'focusout']) one.addEventListener(name, leaveLater)
  leaveLater()
}

function clicked(event: MouseEvent): void {
  const one = (event.target as Element).closest('[data-undo]')?.closest<HTMLElement>('#toasts > *')
  if (!one) return
  undoing.get(one)?.()
  // Hidden, not gone: a request that its button has begun would be dropped with it.
  one.hidden = true
}
