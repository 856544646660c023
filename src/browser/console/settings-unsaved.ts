// What is changed in a form of the cabinet, and not yet saved: counted, marked, and not lost by leaving.
const shown = new WeakMap<HTMLFormElement, Map<string, string>>()
let leaving = false

const forms = (): HTMLFormElement[] => [...document.querySelectorAll<HTMLFormElement>('form[data-unsaved]')]
const part = <E extends Element>(form: Element, selector: string): E | null => form.querySelector<E>(selector)

export function startUnsaved(): void {
  for (const form of forms()) remember(form)
  for (const name of ['input', 'change', 'fields-changed']) document.addEventListener(name, changed)
  document.addEventListener('click', ({ target }) => {
    if (!(target instanceof Element) || !target.closest('[data-do="discard"]')) return
    leaving = true
    location.reload()
  })
  new MutationObserver(() => {
    for (const form of forms()) if (!shown.has(form)) remember(form)
  }).observe(document.body, { childList: true, subtree: true })
  window.addEventListener('beforeunload', (event) => {
    if (!leaving && forms().some((form) => changedIn(form).length > 0)) event.preventDefault()
  })
}

/** Field by field what stands there as the server gave it. */
function remember(form: HTMLFormElement): void {
  shown.set(form, valuesOf(form))
  tell(form)
}

function valuesOf(form: HTMLFormElement): Map<string, string> {
  const values = new Map<string, string>()
  for (const [name, value] of new FormData(form)) {
    values.set(name, `${values.get(name) ?? ''}\n${typeof value === 'string' ? value : value.name}`)
  }
  return values
}

function changed({ target }: Event): void {
  const form = target instanceof Element ? target.closest<HTMLFormElement>('form[data-unsaved]') : null
  if (form) tell(form)
}

/** The names of the fields that are not as they were shown. */
function changedIn(form: HTMLFormElement): string[] {
  const before = shown.get(form) ?? new Map<string, string>()
  const now = valuesOf(form)
  return [...new Set([...before.keys(), ...now.keys()])].filter((name) => before.get(name) !== now.get(name))
}

/** Fields of one question count as one. */
function tell(form: HTMLFormElement): void {
  const bar = part<HTMLElement>(form, '.save-bar')
  if (!bar) return
  const names = changedIn(form)
  const places = new Set(names.map((name) => placeOf(form, name)))
  for (const question of form.querySelectorAll('.question')) mark(question, places.has(question), bar)
  const words = JSON.parse(bar.dataset.words ?? '[]') as string[]
  bar.hidden = places.size === 0
  const said = part(bar, '[role="status"]')
  if (said) said.textContent = words[Math.min(places.size, words.length) - 1] ?? ''
}

function placeOf(form: HTMLFormElement, name: string): Element | string {
  const field = form.elements.namedItem(name)
  const element = field instanceof RadioNodeList ? field[0] : field
  return (element instanceof Element ? element.closest('.question') : null) ?? name
}

function mark(question: Element, isChanged: boolean, bar: HTMLElement): void {
  const header = part(question, 'header')
  const mark = part(question, '.changed')
  if (!isChanged) return mark?.remove()
  if (mark || !header) return
  const made = document.createElement('span')
  made.className = 'changed'
  made.textContent = bar.dataset.changed ?? ''
  header.append(made)
}
