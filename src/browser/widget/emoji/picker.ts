import type { Say } from '../../../catalogues/widget-words.ts'

// The names are those of emojibase-data 17 (MIT licence, Miles Johnson), which has them from Unicode's CLDR: `emoji|name` and
// up to four words to find it by. Left out are skin tones, most signs and all flags, and what phones of 2020 cannot show.
type Group = { name: string; emoji: string[] }

/** The emoji by groups and by a search, as plain elements: the window's own library need not come twice. */
export const makePicker =
  (groups: Group[]) =>
  (place: HTMLElement, say: Say, pick: (emoji: string) => void): void => {
    const search = make('input', { type: 'search', class: 'input', 'aria-label': say('emoji.search') })
    search.placeholder = say('emoji.search')
    search.autocomplete = 'off'
    const none = make('p', { role: 'status' })
    const list = make('div', { class: 'emoji-list' })
    const sections = groups.map(({ name, emoji }) => sectionOf(name, emoji))
    list.append(...sections)
    place.replaceChildren(search, none, list)
    tabStopAt(list.querySelector('button'))

    function find() {
      const wanted = fold(search.value)
      let found = 0
      for (const button of list.querySelectorAll('button')) {
        button.hidden = !(button.dataset.words ?? '').includes(wanted)
        if (!button.hidden) found++
      }
      for (const section of sections) section.hidden = !section.querySelector('button:not([hidden])')
      none.textContent = found === 0 ? say('emoji.none') : ''
      tabStopAt(list.querySelector('button:not([hidden])'))
    }

    search.addEventListener('input', find)
    search.addEventListener('keydown', (event) => {
      if (event.key === 'ArrowDown') list.querySelector<HTMLElement>('[tabindex="0"]')?.focus()
      else if (event.key === 'Enter') list.querySelector<HTMLElement>('button:not([hidden])')?.click()
      else return
      event.preventDefault()
    })
    list.addEventListener('click', ({ target }) => {
      const button = (target as Element).closest('button')
      if (button) pick(button.textContent ?? '')
    })
    list.addEventListener('keydown', (event) => step(list, event))
    if (matchMedia('(pointer: fine)').matches) search.focus()
  }

function sectionOf(name: string, emoji: string[]): HTMLElement {
  const section = make('section', { 'aria-label': name })
  const title = make('h2', {})
  title.textContent = name
  const grid = make('div', { class: 'emoji-grid' })
  grid.append(...emoji.map(buttonOf))
  section.append(title, grid)
  return section
}

function buttonOf(line: string): HTMLElement {
  const [emoji = '', name = ''] = line.split('|')
  const button = make('button', { type: 'button', tabindex: '-1', 'aria-label': name, title: name })
  button.dataset.words = fold(line)
  button.textContent = emoji
  return button
}

// Found without accents, too: nobody writes them into a search.
const fold = (text: string): string =>
  text.trim().toLowerCase().normalize('NFD').replaceAll(/\p{M}/gu, '').replaceAll('ł', 'l').replaceAll('œ', 'oe')

/** One stop for the Tab key; from there the arrow keys go on. */
function step(list: HTMLElement, event: KeyboardEvent) {
  const all = [...list.querySelectorAll<HTMLElement>('button:not([hidden])')]
  const at = all.indexOf(event.target as HTMLElement)
  const from = all[at]
  if (!from) return
  const sideways = getComputedStyle(list).direction === 'rtl' ? -1 : 1
  const to =
    event.key === 'ArrowRight'
      ? all[at + sideways]
      : event.key === 'ArrowLeft'
        ? all[at - sideways]
        : event.key === 'ArrowDown'
          ? nearest(from, all.slice(at + 1))
          : event.key === 'ArrowUp'
            ? nearest(from, all.slice(0, at).reverse())
            : undefined
  if (!to) return
  event.preventDefault()
  tabStopAt(to)
  to.focus()
}

/** Of the next row in `others` the one that stands above or below. */
function nearest(from: HTMLElement, others: HTMLElement[]): HTMLElement | undefined {
  const row = others.find(({ offsetTop }) => offsetTop !== from.offsetTop)?.offsetTop
  const distance = ({ offsetLeft }: HTMLElement) => Math.abs(offsetLeft - from.offsetLeft)
  const inRow = others.filter(({ offsetTop }) => offsetTop === row)
  return inRow.toSorted((one, other) => distance(one) - distance(other))[0]
}

function tabStopAt(button: HTMLElement | null) {
  if (!button) return
  for (const other of button.closest('.emoji-list')?.querySelectorAll('[tabindex="0"]') ?? []) {
    other.setAttribute('tabindex', '-1')
  }
  button.tabIndex = 0
}

function make<T extends keyof HTMLElementTagNameMap>(tag: T, attributes: Record<string, string>) {
  const made = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value)
  return made
}
