// What is changed in a form of the cabinet, and not yet saved: counted, marked, and not lost by leaving.
type Values = Map<string, string>

/** What the server has, by the form's id: a form that could not be saved comes back with what was typed. */
const kept = new Map<string, Values>()
const seen = new WeakSet<HTMLFormElement>()
let leaving = false

const forms = (): HTMLFormElement[] => [...document.querySelectorAll<HTMLFormElement>('form[data-unsaved]')]
const part = <E extends Element>(of: Element, selector: string): E | null => of.querySelector<E>(selector)

export function startUnsaved(): void {
  meet()
  for (const name of ['input', 'change']) document.addEventListener(name, changed)
  document.addEventListener('click', ({ target }) => {
    if (!(target instanceof Element) || !target.closest('[data-do="discard"]')) return
    leaving = true
    location.reload()
  })
  new MutationObserver(meet).observe(document.body, { childList: true, subtree: true })
  window.addEventListener('beforeunload', (event) => {
    if (!leaving && forms().some(isUnsaved)) event.preventDefault()
  })
}

/** Forms that have come: the first time, saved, or refused. */
function meet(): void {
  for (const form of forms()) {
    if (seen.has(form)) continue
    seen.add(form)
    const isRefused = form.dataset.refused !== undefined
    const before = kept.get(form.id)
    if (!isRefused || !before) kept.set(form.id, valuesOf(form))
    tell(form)
    // The one that was here had the focus, and took it along.
    if (before && document.activeElement === document.body) focusIn(form, isRefused)
  }
}

function focusIn(form: HTMLFormElement, isRefused: boolean): void {
  const wrong = part<HTMLElement>(form, '#meanwhile, [aria-invalid="true"]')
  const place = isRefused ? wrong : document.querySelector<HTMLElement>('main h1')
  if (!place) return
  if (!isRefused) place.tabIndex = -1
  place.focus({ preventScroll: !isRefused })
}

function valuesOf(form: HTMLFormElement): Values {
  const values: Values = new Map()
  for (const [name, value] of new FormData(form)) {
    // What a form carries for the server alone is no answer of anybody's.
    if (name === 'seen') continue
    values.set(name, `${values.get(name) ?? ''}\n${typeof value === 'string' ? value : value.name}`)
  }
  return values
}

function changed({ target }: Event): void {
  const form = target instanceof Element ? target.closest<HTMLFormElement>('form[data-unsaved]') : null
  if (form) tell(form)
}

/** What came back refused is as it was shown, and is kept nowhere. */
const isUnsaved = (form: HTMLFormElement): boolean => 'refused' in form.dataset || changedIn(form).length > 0

/** The names of the fields that are not as the server has them. */
function changedIn(form: HTMLFormElement): string[] {
  const before = kept.get(form.id) ?? new Map<string, string>()
  const now = valuesOf(form)
  return [...new Set([...before.keys(), ...now.keys()])].filter((name) => before.get(name) !== now.get(name))
}

/** Fields of one question count as one. */
function tell(form: HTMLFormElement): void {
  const bar = part<HTMLElement>(form, '.save-bar')
  if (!bar) return
  const places = new Set(changedIn(form).map((name) => placeOf(form, name)))
  for (const question of form.querySelectorAll('.question')) mark(question, places.has(question), bar)
  const words = JSON.parse(bar.dataset.words ?? '[]') as string[]
  bar.hidden = places.size === 0
  const said = part(bar, '[role="status"] strong')
  const sentence = words[Math.min(places.size, words.length) - 1] ?? ''
  if (said && said.textContent !== sentence) said.textContent = sentence
}

function placeOf(form: HTMLFormElement, name: string): Element | string {
  const field = form.elements.namedItem(name)
  const element = field instanceof RadioNodeList ? field[0] : field
  return (element instanceof Element ? element.closest('.question') : null) ?? name
}

function mark(question: Element, isChanged: boolean, bar: HTMLElement): void {
  const mark = part(question, 'header .changed')
  if (!isChanged) return mark?.remove()
  if (mark) return
  const made = document.createElement('span')
  made.className = 'changed'
  made.textContent = bar.dataset.changed ?? ''
  part(question, 'header')?.append(made)
}
