import { ask, type Asked } from './ask.ts'
import { keep, kept } from './keep.ts'
import { agentId, find, signInAgain } from './place.ts'
import { toast } from './toast.ts'

// Dialogs that are made for the moment: fetched when they are opened, gone when they are closed. What is refused comes back
// as the same sheet, with what was typed and what is wrong with it.

const pauseMs = 150
let timer = 0
let asking = new AbortController()

export function startSheets(): void {
  document.addEventListener('click', clicked)
  document.addEventListener('submit', submitted)
  document.addEventListener('input', looking)
  document.addEventListener('input', typed)
  document.addEventListener('keydown', stepped)
}

const sheet = (): HTMLDialogElement | null => find<HTMLDialogElement>('dialog#sheet')

function clicked({ target }: MouseEvent): void {
  if (!(target instanceof Element)) return
  const opener = target.closest<HTMLElement>('[data-sheet]')
  if (opener?.dataset.sheet)
    void open(opener.dataset.sheet, opener.closest<HTMLElement>('[data-failed]')?.dataset.failed)
  // A press that does something else as well has done it by the time the dialog is gone.
  if (target.closest('#sheet [data-closes]')) {
    // Said to be given up: Escape and a press outside may be slips.
    const form = target.closest<HTMLFormElement>('.sheet-form')
    if (form) drop(form)
    requestAnimationFrame(() => sheet()?.close())
  }
}

async function open(address: string, failed = ''): Promise<void> {
  const answer = await fetch(address, { headers: { 'HX-Request': 'true', Accept: 'text/html' } }).catch(() => null)
  if (answer?.status === 401) return signInAgain()
  const made = answer?.ok ? dialogIn(await answer.text()) : null
  if (!made) return toast(failed, { failed: true })
  sheet()?.remove()
  document.body.append(made)
  showMoments(made)
  resume(made)
  made.addEventListener('close', () => made.remove())
  made.addEventListener('click', (event) => {
    // Where `closedby` is not known yet.
    if (event.target === made) made.close()
  })
  made.showModal()
  made.querySelector<HTMLElement>('.sheet :is(input:not([type="hidden"]), select, textarea)')?.focus()
}

const dialogIn = (html: string): HTMLDialogElement | null =>
  new DOMParser().parseFromString(html, 'text/html').querySelector<HTMLDialogElement>('dialog#sheet')

/** Moments in the reader's own time. */
function showMoments(within: Element): void {
  for (const field of within.querySelectorAll<HTMLInputElement>('input[data-at]')) {
    const at = field.dataset.at === 'now' ? Date.now() : Date.parse(field.dataset.at ?? '')
    if (Number.isNaN(at)) continue
    const local = new Date(at - new Date(at).getTimezoneOffset() * 60_000)
    field.value = local.toISOString().slice(0, 16)
  }
}

function submitted(event: SubmitEvent): void {
  const form = event.target instanceof HTMLFormElement ? event.target.closest<HTMLFormElement>('.sheet-form') : null
  if (!form) return
  event.preventDefault()
  void send(form)
}

async function send(form: HTMLFormElement): Promise<void> {
  if (form.ariaBusy === 'true') return
  form.ariaBusy = 'true'
  const answer = await ask(form.dataset.method as Asked, form.action, fieldsOf(form))
  form.ariaBusy = null
  if (answer?.ok) {
    drop(form)
    sheet()?.close()
    document.body.dispatchEvent(new CustomEvent(form.dataset.then ?? 'card-changed'))
    if (form.dataset.said) toast(form.dataset.said)
    return
  }
  const again = answer && dialogIn(await answer.text())
  if (!again) return sayOffline(form)
  form.closest('.sheet')?.replaceWith(again.querySelector('.sheet') ?? '')
  const shown = sheet()
  if (!shown) return
  showMoments(shown)
  ;(
    shown.querySelector<HTMLElement>('[aria-invalid]') ?? shown.querySelector<HTMLElement>('.sheet-form .input')
  )?.focus()
}

// What is being written in a sheet outlives a slip and a reload: field by field, with which version it was begun.
const draftOf = (form: HTMLFormElement): string =>
  `kontuar:sheet:${agentId}:${form.dataset.method}:${new URL(form.action).pathname}`
const drop = (form: HTMLFormElement): void => keep(draftOf(form), null)
const fieldsIn = (form: HTMLFormElement) => [
  ...form.querySelectorAll<HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement>('[name]:not([name="was"])'),
]

function typed({ target }: Event): void {
  const form = target instanceof Element ? target.closest<HTMLFormElement>('.sheet-form') : null
  if (!form) return
  const values = fieldsIn(form).map((field) => [field.name, isTick(field) ? field.checked : field.value])
  keep(draftOf(form), JSON.stringify(Object.fromEntries(values)))
}

const isTick = (field: Element): field is HTMLInputElement =>
  field instanceof HTMLInputElement && field.type === 'checkbox'

function resume(within: Element): void {
  const form = within.querySelector<HTMLFormElement>('.sheet-form')
  if (!form) return
  try {
    const values = JSON.parse(kept(draftOf(form)) ?? '{}') as Record<string, unknown>
    for (const field of fieldsIn(form)) {
      const value = values[field.name]
      if (isTick(field) && typeof value === 'boolean') field.checked = value
      else if (typeof value === 'string') field.value = value
    }
  } catch {
    // What cannot be read is not there.
  }
}

/** Everything that was typed; moments as the whole world reads them. */
function fieldsOf(form: HTMLFormElement): URLSearchParams {
  const fields = new URLSearchParams(new FormData(form) as unknown as Record<string, string>)
  for (const { name, value } of form.querySelectorAll<HTMLInputElement>('input[data-at]')) {
    const at = new Date(value)
    fields.set(name, Number.isNaN(at.getTime()) ? '' : at.toISOString())
  }
  return fields
}

function sayOffline(form: HTMLFormElement): void {
  const said = form.querySelector('[role="alert"]')
  if (said) said.textContent = form.dataset.offline ?? ''
}

/** What is typed is looked for after a pause. */
function looking({ target }: Event): void {
  const field = target instanceof HTMLInputElement && target.dataset.finds ? target : null
  if (!field) return
  clearTimeout(timer)
  timer = window.setTimeout(() => void look(field), pauseMs)
}

async function look(field: HTMLInputElement): Promise<void> {
  const { finds = '', into = '' } = field.dataset
  asking.abort()
  asking = new AbortController()
  const address = `${finds}&q=${encodeURIComponent(field.value)}`
  const options = { headers: { 'HX-Request': 'true' }, signal: asking.signal }
  const answer = await fetch(address, options).catch(() => null)
  if (answer?.ok)
    find(`#${into}`)?.replaceChildren(
      ...new DOMParser().parseFromString(await answer.text(), 'text/html').body.children,
    )
}

/** Arrows go from the line through what was found, and back. */
function stepped(event: KeyboardEvent): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
  const within = event.target instanceof HTMLElement ? event.target.closest('#sheet') : null
  const line = within?.querySelector<HTMLElement>('[data-finds]')
  if (!step || !within || !line) return
  const stops = [line, ...within.querySelectorAll<HTMLElement>('.found button')]
  const at = stops.indexOf(event.target as HTMLElement)
  if (at < 0) return
  event.preventDefault()
  stops[Math.max(0, Math.min(stops.length - 1, at + step))]?.focus()
}
