import htmx from 'htmx.org'
import { action } from './keys.ts'
import { find, opensPane, signInAgain, tellMoved } from './place.ts'
import { listIsNow, visit } from './visit.ts'

// What is found stands in the place of the list, beside whatever is open, and its words in the address.
const pauseMs = 150
const askAgainMs = 3000
let timer = 0
/** Runs while not all of what was said can be found yet. */
let again = 0
let asking = new AbortController()

export function startSearch(): void {
  document.addEventListener('input', ({ target }) => {
    if ((target as Element).id === 'search-box') typed()
  })
  document.addEventListener('submit', (event) => {
    if ((event.target as Element).id !== 'search') return
    event.preventDefault()
    void search(words())
  })
  document.addEventListener('keydown', pressed)
  document.addEventListener('htmx:after:swap', awaitTheRest)
  awaitTheRest()
  document.addEventListener('click', (event) => {
    if (event.defaultPrevented || !(event.target as Element).closest('#close-search')) return
    event.preventDefault()
    leave()
  })
  action({
    name: 'search',
    keys: ['/'],
    when: () => find('#search-box') !== null,
    run: () => {
      showList()
      find<HTMLInputElement>('#search-box')?.select()
    },
  })
}

/** On a phone the list is a screen of its own. */
function showList(): void {
  const shell = find('.console')
  if (shell && find('#search-box')?.checkVisibility() === false) shell.dataset.screen = 'list'
}

const words = (): string => find<HTMLInputElement>('#search-box')?.value ?? ''
const isSearching = (): boolean => find('#inbox')?.dataset.search !== undefined

/** What could not be found yet comes by itself; not under somebody who has scrolled further down. */
function awaitTheRest(): void {
  if (again !== 0 || !isBuilding()) return
  again = window.setTimeout(() => {
    again = 0
    if (find('#inbox .rows')?.scrollTop) awaitTheRest()
    else if (isBuilding()) void show(words())
  }, askAgainMs)
}

const isBuilding = (): boolean => find('#inbox .search-building') !== null

function typed(): void {
  clearTimeout(timer)
  timer = window.setTimeout(() => void search(words()), pauseMs)
}

function pressed(event: KeyboardEvent): void {
  if (event.isComposing || (event.target as Element).id !== 'search-box') return
  if (event.key === 'Escape') {
    event.preventDefault()
    if (isSearching() || words() !== '') leave()
    else find('#search-box')?.blur()
  } else if (event.key === 'ArrowDown') {
    event.preventDefault()
    find('#inbox .rows a.row')?.focus()
  }
}

// The list from which the search began: its way back.
let before = ''

async function search(query: string): Promise<void> {
  clearTimeout(timer)
  clearTimeout(again)
  again = 0
  if (query.trim() === '') return isSearching() ? leave() : undefined
  if (!isSearching()) before = find('#list-head')?.dataset.list ?? ''
  if (await show(query)) address(query)
}

/** Shows what is found by now. False when it did not come, or something else was asked for meanwhile. */
async function show(query: string): Promise<boolean> {
  asking.abort()
  asking = new AbortController()
  const { signal } = asking
  try {
    const response = await fetch(`/search?q=${encodeURIComponent(query)}`, {
      headers: { Accept: 'text/html', 'HX-Request': 'true' },
      signal,
    })
    if (response.status === 401) signInAgain()
    const text = await response.text()
    if (signal.aborted || response.status === 401) return false
    if (!response.ok) return failed()
    await htmx.swap({
      sourceElement: document.body,
      target: 'body',
      swap: 'none',
      text: `<hx-partial hx-target="#inbox" hx-swap="outerMorph">${text}</hx-partial>`,
    })
    return true
  } catch {
    return signal.aborted ? false : failed()
  }
}

/** What is open stays open; with the first letters there is a way back, and not one for each. */
function address(query: string): void {
  const url = new URL(location.href)
  const wasSearching = url.searchParams.has('q')
  const open = opensPane(url.pathname)
  const next = new URL(open ? url.pathname : '/search', location.href)
  next.searchParams.set('q', query.trim())
  if (wasSearching) history.replaceState(null, '', next)
  else history.pushState(null, '', next)
  listIsNow(next)
  tellMoved()
}

function failed(): false {
  const words = find<HTMLTemplateElement>('#search-failed')?.content.cloneNode(true)
  if (words) find('#list-notice')?.replaceChildren(words)
  awaitTheRest()
  return false
}

/** Back to the list. */
function leave(): void {
  clearTimeout(timer)
  asking.abort()
  const path = opensPane(location.pathname) ? location.pathname : '/inbox'
  const wasHere = document.activeElement?.id === 'search-box'
  void visit(`${path}?${before === '' ? 'folder=waiting' : before}`).then(() => {
    if (wasHere) find('#search-box')?.focus()
  })
}
