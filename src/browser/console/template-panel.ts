import { foldWords } from '../../../views/ui/fold-words.ts'
import { ranked, showMarked } from './template-search.ts'

/** What the panel needs of the page: its own state is in the script that was there before. */
export type Host = {
  write(box: HTMLTextAreaElement, text: string, from: number, to: number): void
  signInAgain(): void
  conversation(): string
}
export type Panel = {
  toggle(): void
  close(): void
  typed(field: Element): void
  moved(): void
  changed(): void
  pressed(event: KeyboardEvent): boolean
}

let host: Host
/** Called by `/` in the answer, or by its button, which brings a line of its own to search in. */
let by: 'stroke' | 'button' = 'button'
/** Where in the answer the stroke stands that was answered with Escape. */
let dismissed = -1
let all: HTMLElement[] = []
let of = ''
let asking = new AbortController()

const find = <E extends HTMLElement>(selector: string): E | null => document.querySelector<E>(selector)
const place = () => find('#templates')
const list = () => find('#templates-list')
const box = () => find<HTMLTextAreaElement>('#body')
const line = () => find<HTMLInputElement>('#templates-query')
const isOpen = (): boolean => place()?.hidden === false
const options = (): HTMLElement[] => [...(list()?.querySelectorAll<HTMLElement>('[role="option"]') ?? [])]
const select = (option: HTMLElement, on: boolean) => option.setAttribute('aria-selected', `${on}`)
const chosen = (): HTMLElement | undefined => options().find((option) => option.matches('[aria-selected="true"]'))

export function makePanel(given: Host): Panel {
  host = given
  document.addEventListener('mousedown', (event) => {
    // The focus, and on a phone the keyboard, stays where it is.
    if (optionAt(event)) event.preventDefault()
  })
  document.addEventListener('click', (event) => {
    const option = optionAt(event)
    if (option) insert(option)
  })
  return { toggle, close, typed, moved, changed: () => void (isOpen() && load()), pressed }
}

const optionAt = ({ target }: Event): HTMLElement | null =>
  target instanceof Element ? target.closest<HTMLElement>('#templates-list [role="option"]') : null

function toggle(): void {
  if (isOpen()) return close()
  by = 'button'
  open()
  line()?.focus({ preventScroll: true })
}

function open(): void {
  const panel = place()
  const input = line()
  if (!panel || !input) return
  panel.hidden = false
  input.hidden = by === 'stroke'
  input.value = ''
  for (const option of all) select(option, false)
  find('[data-do="templates"]')?.setAttribute('aria-expanded', 'true')
  if (by === 'stroke') box()?.setAttribute('aria-controls', 'templates-list')
  if (of === host.conversation() && all.length > 0) filter()
  else list()?.replaceChildren()
  void load()
}

function close(): void {
  const panel = place()
  if (!panel || panel.hidden) return
  const hadFocus = panel.contains(document.activeElement)
  panel.hidden = true
  asking.abort()
  find('[data-do="templates"]')?.setAttribute('aria-expanded', 'false')
  for (const name of ['aria-controls', 'aria-activedescendant']) box()?.removeAttribute(name)
  if (hadFocus) box()?.focus({ preventScroll: true })
}

/** What is offered now. What was there before stays until it has come. */
async function load(): Promise<void> {
  asking.abort()
  asking = new AbortController()
  const id = host.conversation()
  try {
    const response = await fetch(`/c/${id}/templates`, { headers: { 'HX-Request': 'true' }, signal: asking.signal })
    if (response.status === 401) return host.signInAgain()
    if (!response.ok) return show('failed')
    const template = document.createElement('template')
    template.innerHTML = await response.text()
    if (id !== host.conversation() || !isOpen()) return
    all = [...template.content.querySelectorAll<HTMLElement>('[role="option"]')]
    of = id
    filter()
  } catch (error) {
    if ((error as Error).name !== 'AbortError') show('failed')
  }
}

/** The stroke and what is typed behind it, up to the cursor: at the beginning, or after a space. */
function stroke(): { from: number; query: string } | null {
  const field = box()
  if (!field || field.selectionStart !== field.selectionEnd || document.activeElement !== field) return null
  const before = field.value.slice(0, field.selectionStart)
  const query = /(?:^|\s)\/((?![\s/])[^\n/]{0,40}|)$/u.exec(before)?.[1]
  return query === undefined ? null : { from: before.length - query.length - 1, query }
}

function typed(field: Element): void {
  if (field === line()) return filter()
  if (field === box()) look(true)
}

/** The cursor was moved by an arrow or a press: out of what was typed behind the stroke, it is over. */
const moved = (): void => {
  if (isOpen() && by === 'stroke') look(false)
}

function look(mayOpen: boolean): void {
  const asked = stroke()
  if (!asked || asked.from !== dismissed) dismissed = -1
  if (isOpen() && by === 'button') return
  if (!asked || dismissed >= 0) return close()
  if (isOpen()) return filter()
  if (!mayOpen) return
  by = 'stroke'
  open()
}

const query = (): string => (by === 'stroke' ? (stroke()?.query ?? '') : (line()?.value ?? ''))

/** Leaves those that match, the best first; the one that was chosen stays so while it is there. */
function filter(): void {
  const before = chosen()?.dataset.template
  const words = foldWords(query())
  const found = ranked(all, words)
  // A stroke within a sentence is no call for a template.
  if (found.length === 0 && all.length > 0 && by === 'stroke' && /\s/.test(query())) return close()
  for (const option of found) showMarked(option, words)
  list()?.replaceChildren(...found)
  show(found.length > 0 ? null : all.length > 0 ? 'none' : 'empty')
  choose(found.find(({ dataset }) => dataset.template === before) ?? found[0])
  const said = place()?.querySelector('[role="status"]')
  if (said) said.textContent = (place()?.dataset.count ?? '').replace('…count…', `${found.length}`)
}

function show(what: 'none' | 'empty' | 'failed' | null): void {
  for (const none of place()?.querySelectorAll<HTMLElement>('.none') ?? []) none.hidden = none.dataset.is !== what
  const nothing = what !== null && (what !== 'failed' || options().length === 0)
  for (const part of place()?.querySelectorAll<HTMLElement>('[role="listbox"], .shown') ?? []) part.hidden = nothing
}

function choose(option: HTMLElement | undefined): void {
  for (const other of options()) select(other, other === option)
  const field = by === 'stroke' ? box() : line()
  if (option) field?.setAttribute('aria-activedescendant', option.id)
  else field?.removeAttribute('aria-activedescendant')
  const words = option?.querySelector('.filled-in')?.cloneNode(true).childNodes ?? []
  const preview = place()?.querySelector<HTMLElement>('.shown p')
  preview?.replaceChildren(...words)
  if (preview) preview.lang = option?.lang ?? ''
  option?.scrollIntoView({ block: 'nearest' })
}

/** Whether the panel has taken the key for itself. */
function pressed(event: KeyboardEvent): boolean {
  const { target, key } = event
  if (!isOpen() || (target !== box() && target !== line())) return false
  if (event.ctrlKey || event.metaKey || event.altKey) return false
  if (key === 'Escape') return dismiss()
  const option = chosen()
  if (key === 'Enter' && target === line() && !option) return true
  if (!option || event.shiftKey) return false
  if (key === 'Enter' || key === 'Tab') insert(option)
  else if (key === 'ArrowDown' || key === 'ArrowUp') step(option, key === 'ArrowDown' ? 1 : -1)
  else return false
  return true
}

function dismiss(): true {
  if (by === 'stroke') dismissed = stroke()?.from ?? -1
  close()
  return true
}

function step(from: HTMLElement, by1: 1 | -1): void {
  const shown = options()
  choose(shown.at((shown.indexOf(from) + by1) % shown.length))
}

/** At the cursor, in place of the stroke that called it and of nothing else. What could not be filled in is left selected. */
function insert(option: HTMLElement): void {
  const field = box()
  const filled = option.querySelector('.filled-in')
  if (!field || !filled) return
  const end = field.selectionEnd
  const from = by === 'stroke' ? (stroke()?.from ?? end) : end
  const gap = by === 'button' && /\S$/u.test(field.value.slice(0, from)) ? ' ' : ''
  const text = filled.textContent ?? ''
  close()
  host.write(field, gap + text, from, end)
  const missing = filled.querySelector('.missing')
  if (missing) {
    const at = field.value.indexOf(missing.textContent ?? '', from)
    if (at >= 0) field.setSelectionRange(at, at + (missing.textContent ?? '').length)
  }
  const { template } = option.dataset
  const told = { method: 'POST', headers: { 'HX-Request': 'true' }, keepalive: true }
  void fetch(`/c/${host.conversation()}/templates/${template}/uses`, told).catch(() => undefined)
}
