import htmx from 'htmx.org'
import { markOpenRow } from './list.ts'
import { find, openConversation, opensPane, signInAgain, tellMoved, tellOpened } from './place.ts'
import { toast } from './toast.ts'

// Conversations and folders are opened in place: the socket, the list and what was typed stay. Each address is also a
// page of its own, so that reload, back and a link sent to a colleague show the same.
const skeletonAfterMs = 200
const panes = ['inbox', 'conversation', 'card'] as const
/** What of an address is about the open conversation alone, and not about the list beside it. */
const ofConversation = ['at', 'stream', 'show', 'past', 'history', 'm']

let listShown = ''
let addressShown = location.href
let latest = 0
let answerNext = true

/** Whether whoever opened a conversation is about to write: not who goes through the list by keys that are letters. */
export const isToAnswer = (): boolean => answerNext

export function startVisits(): void {
  if (!find('.console[data-page="inbox"]')) return
  listShown = listOf(new URL(location.href))
  document.addEventListener('click', clicked)
  document.body.addEventListener('visit', (event) => {
    const { address } = (event as CustomEvent<{ address?: string }>).detail
    if (address !== undefined) void visit(address)
  })
  window.addEventListener('popstate', () => void show(new URL(location.href), false))
}

function clicked(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
    return
  const target = event.target as Element
  const link = target.closest<HTMLAnchorElement>('a[href]')
  if (link && link.target === '' && link.origin === location.origin && isOfConsole(link.pathname)) {
    event.preventDefault()
    void visit(link.href, 'push', event.isTrusted)
  } else if (target.closest('[data-do="visit-again"]')) void show(new URL(location.href))
}

const isOfConsole = (path: string): boolean => /^\/(inbox|search|system|c\/[^/]+)$/.test(path)

/** What stands in the middle: a conversation by its id, the system's messages, or nothing yet. */
const paneOf = (path: string): string | null =>
  path === '/system' ? 'system' : (/^\/c\/([^/]+)$/.exec(path)?.[1] ?? null)

const paneShown = (): string | null => openConversation()?.id ?? find('#conversation')?.dataset.pane ?? null

/** Goes to an address of the inbox without leaving the page. Resolves once it is shown, or something else is. */
export function visit(address: string, how: 'push' | 'replace' = 'push', toAnswer = true): Promise<void> {
  const url = beside(new URL(address, location.href))
  if (url.href !== location.href) {
    if (how === 'push') history.pushState(null, '', url)
    else history.replaceState(null, '', url)
  }
  return show(url, toAnswer)
}

/** An address that says nothing of the list leaves it as it is. */
function beside(url: URL): URL {
  if (!opensPane(url.pathname) || listOf(url) !== '') return url
  for (const [name, value] of new URLSearchParams(listShown)) url.searchParams.set(name, value)
  return url
}

async function show(url: URL, toAnswer = true): Promise<void> {
  const turn = ++latest
  answerNext = toAnswer || document.activeElement?.id === 'body'
  hideLoading()
  // At once, whenever the rest comes: what was pressed is seen to be pressed.
  markOpenRow()
  const id = paneOf(url.pathname)
  const list = listOf(url)
  const same = {
    list: list === listShown,
    conversation: id === paneShown() && !find('#conversation[data-failed]'),
  }
  if (!same.list || !same.conversation) {
    const stillWaits = () => turn === latest && !same.conversation && showLoading()
    const loading = window.setTimeout(stillWaits, skeletonAfterMs)
    const answer = await ask(url, id !== null && same.list)
    clearTimeout(loading)
    if (turn !== latest || answer === null) return
    if (typeof answer === 'string') return await fail(same.conversation, answer)
    await put(answer, same)
    if (turn !== latest) return
  }
  listShown = list
  addressShown = url.href
  showScreen(url, id)
  if (same.conversation) tellMoved()
  else tellOpened()
}

/** The list was put into the page by somebody else, who has changed the address too. */
export function listIsNow(url: URL): void {
  listShown = listOf(url)
  addressShown = url.href
}

/** The list's part of an address: its folder and filters. */
function listOf(url: URL): string {
  const params = new URLSearchParams(url.search)
  for (const name of ofConversation) params.delete(name)
  params.sort()
  return params.toString()
}

/** The new panes, alone those of the conversation where the list stays; or why there are none, if anybody said. */
async function ask(url: URL, alone: boolean): Promise<ParentNode | string | null> {
  const headers: Record<string, string> = alone ? { 'HX-Request': 'true' } : {}
  try {
    const response = await fetch(url.pathname + url.search, { headers: { Accept: 'text/html', ...headers } })
    const wentElsewhere = response.redirected && !isOfConsole(new URL(response.url).pathname)
    if (response.status === 401 || wentElsewhere) {
      signInAgain()
      return null
    }
    const answer = new DOMParser().parseFromString(await response.text(), 'text/html')
    return answer.querySelector('#conversation') ? answer : (answer.querySelector('[role="alert"]')?.textContent ?? '')
  } catch {
    return ''
  }
}

/**
 * Puts panes in their places. What stood there is taken away by htmx, which ends what it listened for; the new ones come
 * as the elements they are, since to write them out and read them again is where text could become markup.
 */
async function put(answer: ParentNode, same: { list: boolean; conversation: boolean }): Promise<void> {
  if (answer instanceof Document && answer.title !== '') document.title = answer.title
  const unread = answer.querySelector<HTMLElement>('.console')?.dataset.unread
  if (unread !== undefined) find('.console')?.setAttribute('data-unread', unread)
  const changed = panes.filter((id) => !(id === 'inbox' ? same.list : same.conversation))
  const text = changed
    .filter((id) => find(`#${id}`))
    .map((id) => `<hx-partial hx-target="#${id}" hx-swap="outerHTML settle:0"><div id="${id}"></div></hx-partial>`)
  await htmx.swap({ sourceElement: document.body, target: 'body', swap: 'none', text: text.join('') })
  for (const id of changed) {
    const pane = answer.querySelector(`#${id}`)
    const place = find(`#${id}`)
    if (!pane) place?.remove()
    else if (place) place.replaceWith(pane)
    else find('.console')?.append(pane)
    if (pane) htmx.process(pane)
  }
}

/** Which screen a phone shows, and where its way back leads. */
function showScreen(url: URL, id: string | null): void {
  const shell = find('.console')
  const screen = id === null ? 'list' : url.searchParams.get('show') === 'card' ? 'card' : 'conversation'
  if (shell) shell.dataset.screen = screen
  const back = find<HTMLAnchorElement>('#conversation .to-list')
  if (back) back.search = listShown
}

function showLoading(): void {
  const pane = find('#conversation')
  const skeleton = find<HTMLTemplateElement>('#pane-loading')?.content.firstElementChild?.cloneNode(true)
  if (!pane || !skeleton) return
  pane.inert = true
  pane.append(skeleton)
}

function hideLoading(): void {
  const pane = find('#conversation')
  if (!pane?.inert) return
  pane.inert = false
  pane.querySelector(':scope > .pane-loading')?.remove()
}

/** Says that it did not come, and what to do. */
async function fail(besideConversation: boolean, why: string): Promise<void> {
  const failed = find<HTMLTemplateElement>('#pane-failed')?.content.firstElementChild
  if (!failed) return location.reload()
  if (besideConversation) {
    // The list alone did not come: what stands there stays, and so does its address.
    history.replaceState(null, '', addressShown)
    tellMoved()
    return toast(why || (failed.querySelector('p')?.textContent ?? ''))
  }
  const holder = document.createElement('div')
  const pane = failed.cloneNode(true) as HTMLElement
  const told = pane.querySelector('p')
  if (told && why !== '') told.textContent = why
  // The next try needs what this pane is replaced with.
  for (const template of document.querySelectorAll('#conversation > template')) pane.append(template.cloneNode(true))
  pane.id = 'conversation'
  holder.append(pane)
  await put(holder, { list: true, conversation: false })
  showScreen(new URL(location.href), 'failed')
  tellOpened()
}
