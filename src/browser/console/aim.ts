import { copyText } from './copy.ts'
import { action } from './keys.ts'
import { openLog } from './log.ts'
import { turnTo } from './paging.ts'
import { find, onMove, onOpen, openConversation, stream } from './place.ts'
import { toast } from './toast.ts'
import { scrolled, toBottom } from './view.ts'
import { visit } from './visit.ts'

// What an address says about the log: which entry it is about, and which side of it is shown.

export function startAiming(): void {
  for (const name of ['pointerover', 'focusin']) document.addEventListener(name, offerLink)
  document.addEventListener('click', clicked)
  onMove(() => void follow())
  window.addEventListener('hashchange', () => void aim())
  onOpen(() => void follow())
  action({ name: 'copy_link', keys: ['y'], when: isOpenNow, run: () => copyLink(linkOf(aimedSeq())) })
  for (const [side, key] of sides)
    action({ name: `show_${side}`, keys: [`f ${key}`], when: isOpenNow, run: () => showSide(side) })
}

const sides = [
  ['all', 'f'],
  ['visitor', 'v'],
  ['agent', 'a'],
  ['actions', 'd'],
] as const

const isOpenNow = (): boolean => openConversation() !== null

function clicked(event: MouseEvent): void {
  const target = event.target as Element
  const row = target.closest<HTMLElement>('#messages li[data-seq]')
  const side = target.closest<HTMLElement>('[data-side]')?.dataset.side
  if (side !== undefined) showSide(side)
  else if (target.closest('[data-do="show-all"]')) showSide('all')
  else if (row && target.closest('[data-do="copy-link"]')) copyLink(linkOf(Number(row.dataset.seq)))
}

// One button for all rows, where the pointer or the focus is: a row weighs enough without.
let linkButton: Element | null = null

function offerLink({ target }: Event): void {
  const row = target instanceof Element ? target.closest('#messages li.message[data-seq]') : null
  if (!row || linkButton?.parentElement === row) return
  if (!linkButton?.isConnected)
    linkButton = find<HTMLTemplateElement>('#copy-link')?.content.firstElementChild?.cloneNode(true) as Element | null
  if (linkButton) row.append(linkButton)
}

const linkOf = (seq: number | null): string => {
  const url = new URL(`/c/${openConversation()?.id ?? ''}`, location.href)
  if (seq !== null) url.searchParams.set('at', `${seq}`)
  return url.href
}

function copyLink(link: string): void {
  const words = find('#conversation')?.dataset.copied ?? ''
  void copyText(link).then((copied) => toast(copied ? words : link))
}

export function showSide(side: string): void {
  const url = new URL(location.href)
  url.searchParams.delete('at')
  url.hash = ''
  if (side === 'all') url.searchParams.delete('stream')
  else url.searchParams.set('stream', side)
  void visit(url.href, 'replace')
}

/** The entry that the address is about; null: none. */
function aimedSeq(): number | null {
  const at = new URL(location.href).searchParams.get('at') ?? /^#m-(\d+)$/.exec(location.hash)?.[1] ?? ''
  return /^\d{1,15}$/.test(at) ? Number(at) : null
}

async function follow(): Promise<void> {
  await followSide()
  await aim()
}

async function followSide(): Promise<void> {
  const log = openLog()
  const side = new URL(location.href).searchParams.get('stream')
  if (!log || side === log.side || (side !== null && !/^(visitor|agent|actions)$/.test(side))) return
  log.side = side
  showSideIn(log.list, side)
  if (await turnTo({ latest: '1' })) toBottom()
}

function showSideIn(list: HTMLElement, side: string | null): void {
  if (side === null) delete list.dataset.stream
  else list.dataset.stream = side
  const filtered = find('#filtered')
  if (filtered) filtered.hidden = side === null
  find('#stream-filter')?.toggleAttribute('data-of', side !== null)
  for (const choice of document.querySelectorAll<HTMLElement>('#stream-menu [data-side]'))
    choice.setAttribute('aria-checked', `${choice.dataset.side === (side ?? 'all')}`)
}

let aimed: HTMLElement | null = null

/** Brings the entry that the address is about to the middle, and shows which one it is. */
async function aim(): Promise<void> {
  aimed?.removeAttribute('data-aimed')
  aimed = null
  const seq = aimedSeq()
  const log = openLog()
  if (seq === null || !log) return
  if (!rowOf(seq) && !(await turnTo({ around: `${seq}` }))) return
  if (log !== openLog()) return
  aimed = rowOf(seq)
  const scroller = stream()
  if (!aimed || !scroller) return
  aimed.dataset.aimed = ''
  const [{ top, height }, view] = [aimed.getBoundingClientRect(), scroller.getBoundingClientRect()]
  scroller.scrollTop += top - view.top - Math.max(0, (view.height - height) / 2)
  // A tab behind others has no frames, and would hear of it when it is looked at.
  scrolled()
}

const rowOf = (seq: number): HTMLElement | null => find(`#m-${seq}`)
