import { foldWords } from '../../../views/ui/fold-words.ts'
import { openDialog } from './dialogs.ts'
import { findAction, isPossible } from './keys.ts'
import { keysOf } from './keys-dialog.ts'
import { find, signInAgain } from './place.ts'
import { visit } from './visit.ts'

const pauseMs = 120
let timer = 0
let asking = new AbortController()
// What somebody has gone to by arrows or pointer stays chosen while more is found.
let gone = false

/** Opens the line in which everything is found. */
export const openPalette = (): void => void openDialog('palette', prepare)

const line = (): HTMLInputElement | null => find<HTMLInputElement>('#palette-query')

function prepare(dialog: HTMLDialogElement): void {
  const input = line()
  if (!input) return
  if (input.dataset.ready === undefined) {
    input.dataset.ready = ''
    input.addEventListener('input', typed)
    input.addEventListener('keydown', pressed)
    dialog.addEventListener('click', clicked)
    dialog.addEventListener('pointermove', pointed)
    dialog.addEventListener('close', () => asking.abort())
  }
  input.value = ''
  gone = false
  void ask('')
  filter()
}

function typed(): void {
  gone = false
  filter()
  clearTimeout(timer)
  timer = window.setTimeout(() => void ask(line()?.value ?? ''), pauseMs)
}

/** What was found before stays until the answer is there. */
async function ask(query: string): Promise<void> {
  asking.abort()
  asking = new AbortController()
  try {
    const address = `/palette?q=${encodeURIComponent(query)}`
    const response = await fetch(address, { headers: { 'HX-Request': 'true' }, signal: asking.signal })
    if (response.status === 401) return signInAgain()
    const template = document.createElement('template')
    template.innerHTML = response.ok ? await response.text() : ''
    if ((line()?.value ?? '') !== query) return
    find('#palette-found')?.replaceChildren(template.content)
    filter()
    const said = find('#palette-said')
    if (said) said.textContent = find('#palette-found [data-count]')?.textContent ?? ''
  } catch {
    // Another query is asked for by now, or nobody is there: what can be done is found without the server.
  }
}

/** Leaves of what can be done what the page can do now and what the words begin; the first that is left is chosen. */
function filter(): void {
  const words = foldWords(line()?.value ?? '')
  for (const option of all('[data-do-action]')) {
    const action = findAction(option.dataset.doAction ?? '')
    const said = foldWords(option.querySelector('.who')?.textContent ?? '')
    option.hidden = !action || !isPossible(action) || !words.every((word) => said.some((one) => one.startsWith(word)))
    const keys = option.querySelector('.keys:empty')
    if (action && keys) keys.append(...keysOf(action, keyWords()))
  }
  for (const group of all('[role="group"]')) {
    group.hidden = group.querySelector('[role="option"]:not([hidden])') === null
  }
  const none = find('#palette-none')
  if (none) none.hidden = options().length > 0
  const before = chosen()
  choose(gone && before ? before : options()[0])
}

const keyWords = (): DOMStringMap => find('#palette-list')?.dataset ?? {}

const all = (selector: string): HTMLElement[] => [
  ...document.querySelectorAll<HTMLElement>(`#palette-list ${selector}`),
]

const options = (): HTMLElement[] => all('[role="option"]').filter((option) => !option.hidden)
const chosen = (): HTMLElement | undefined => options().find((option) => option.ariaSelected === 'true')

function choose(option: HTMLElement | undefined): void {
  for (const other of all('[aria-selected="true"]')) other.ariaSelected = 'false'
  if (option) option.ariaSelected = 'true'
  line()?.setAttribute('aria-activedescendant', option?.id ?? '')
}

function pressed(event: KeyboardEvent): void {
  if (event.isComposing) return
  const list = options()
  const here = list.indexOf(chosen() ?? list[0] ?? document.body)
  if (event.key === 'Enter') run(chosen())
  else if (event.key === 'ArrowDown') chooseAt(list, (here + 1) % list.length)
  else if (event.key === 'ArrowUp') chooseAt(list, here <= 0 ? list.length - 1 : here - 1)
  else return
  event.preventDefault()
}

function chooseAt(list: HTMLElement[], place: number): void {
  gone = true
  choose(list[place])
  list[place]?.scrollIntoView({ block: 'nearest' })
}

const optionAt = ({ target }: Event): HTMLElement | null => (target as Element).closest<HTMLElement>('[role="option"]')

const clicked = (event: MouseEvent): void => run(optionAt(event) ?? undefined)

function pointed(event: PointerEvent): void {
  const option = optionAt(event)
  if (!option || option === chosen()) return
  gone = true
  choose(option)
}

function run(option: HTMLElement | undefined): void {
  if (!option) return
  find<HTMLDialogElement>('#palette')?.close()
  const { href, doAction } = option.dataset
  if (doAction !== undefined) findAction(doAction)?.run()
  else if (href !== undefined && find('.console[data-page="inbox"]')) void visit(href)
  else if (href !== undefined) location.assign(href)
}
