import { ask, type Asked } from './ask.ts'
import { dropDraft, keepDraft, keptDraft } from './editor-drafts.ts'
import { onOpen } from './place.ts'
import { toast } from './toast.ts'

// Things that are changed in their place. Each is shown by the server in both ways, and one of them is hidden; what comes
// back takes the place of all of it. While one is open, news of the page pass it by.

export function startEditors(): void {
  document.addEventListener('click', clicked)
  document.addEventListener('pointerdown', held)
  document.addEventListener('submit', submitted)
  document.addEventListener('focusout', left)
  document.addEventListener('input', typed)
  // Before the keys of the window: Escape closes what is written in, and nothing else.
  document.addEventListener('keydown', pressed, true)
  onOpen(resumeDrafts)
}

/** Opens what somebody was writing in when they went elsewhere; the focus stays where it is. */
function resumeDrafts(): void {
  for (const one of document.querySelectorAll<HTMLElement>('#card [data-editable]:not([data-editing])')) {
    const draft = keptDraft(formOf(one))
    const [field, was] = [fieldOf(one), wasIn(one)]
    if (!draft || !field || !was) continue
    // With what they had seen: should it have changed, they are told.
    was.value = draft.was
    field.value = draft.text
    setOpen(one, true)
  }
}

function typed({ target }: Event): void {
  const one = editorOf(target)
  if (one) keepDraft(formOf(one), { text: fieldOf(one)?.value ?? '', was: wasOf(one) })
}

export function openEditor(one: HTMLElement): void {
  const field = fieldOf(one)
  if (one.dataset.editing === undefined) {
    if (field) field.value = wasOf(one)
    setOpen(one, true)
  }
  field?.focus()
  if (field instanceof HTMLInputElement) field.select()
}

function setOpen(one: HTMLElement, open: boolean): void {
  if (open) unfold(one)
  one.toggleAttribute('data-editing', open)
  one.toggleAttribute('hx-morph-skip', open)
  const shown = one.querySelector<HTMLElement>('.shown')
  if (shown) shown.hidden = open
  formOf(one).hidden = !open
}

/** Shows what it stands behind, and says so: what has to be asked for follows. */
function unfold(one: HTMLElement): void {
  const folded = one.closest<HTMLElement>('#card [data-behind][hidden]')
  if (!folded) return
  folded.hidden = false
  folded.dispatchEvent(new CustomEvent('unfolded', { bubbles: true }))
}

/** Leaves it as it was. What changed meanwhile is asked for, because news have passed it by. */
function close(one: HTMLElement, keepFocus: boolean): void {
  const field = fieldOf(one)
  dropDraft(formOf(one))
  if (field) field.value = wasOf(one)
  setOpen(one, false)
  if (keepFocus) one.querySelector<HTMLElement>('[data-edit]')?.focus()
  tellChanged()
}

const formOf = (one: HTMLElement): HTMLFormElement => one.querySelector('form') as HTMLFormElement
const fieldOf = (one: HTMLElement) => one.querySelector<HTMLInputElement | HTMLTextAreaElement>('.input')
const wasIn = (one: HTMLElement) => one.querySelector<HTMLInputElement>('[name="was"]')
const wasOf = (one: HTMLElement): string => wasIn(one)?.value ?? ''
const editorOf = (target: EventTarget | null): HTMLElement | null =>
  target instanceof Element ? target.closest<HTMLElement>('[data-editable]') : null

function clicked({ target }: MouseEvent): void {
  const one = editorOf(target)
  if (!one) return
  if ((target as Element).closest('[data-edit]')) openEditor(one)
  else if ((target as Element).closest('[data-cancel]')) close(one, true)
}

/** A press on a button is no leaving, also where buttons do not take the focus. */
function held(event: PointerEvent): void {
  if (event.target instanceof Element && event.target.closest('[data-editing] .buttons')) event.preventDefault()
}

function submitted(event: SubmitEvent): void {
  const one = editorOf(event.target)
  if (!one) return
  event.preventDefault()
  void save(one, true)
}

function pressed(event: KeyboardEvent): void {
  const one = editorOf(event.target)
  if (!one || one.dataset.editing === undefined || event.isComposing) return
  if (event.key === 'Escape') {
    event.preventDefault()
    event.stopPropagation()
    close(one, true)
  } else if (event.key === 'Enter' && !event.shiftKey && event.target instanceof HTMLTextAreaElement) {
    event.preventDefault()
    void save(one, true)
  }
}

/** Going elsewhere keeps what was changed; what somebody else has changed too takes a choice. */
function left({ target, relatedTarget }: FocusEvent): void {
  const one = editorOf(target)
  if (!one?.hasAttribute('data-saves-on-blur') || one.dataset.editing === undefined) return
  if (one.contains(relatedTarget as Node | null) || !document.hasFocus() || one.querySelector('[data-meanwhile]'))
    return
  const field = fieldOf(one)
  if (field?.value.trim() === wasOf(one)) close(one, false)
  // What was refused already is refused again: it stays, to be mended.
  else if (field?.ariaInvalid !== 'true' || field.value !== field.defaultValue) void save(one, false)
}

async function save(one: HTMLElement, keepFocus: boolean): Promise<void> {
  if (one.ariaBusy === 'true') return
  one.ariaBusy = 'true'
  const form = formOf(one)
  const text = fieldOf(one)?.value ?? ''
  const inputs = [...form.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>('[name]')]
  const fields = new URLSearchParams(inputs.map(({ name, value }) => [name, value]))
  const answer = await ask(form.dataset.method as Asked, form.action, fields)
  const fresh = answer && (await pieceOf(answer, one.id))
  if (answer?.ok) dropDraft(form)
  if (!one.isConnected) return answer?.ok ? undefined : toast(`${form.dataset.lost ?? ''} ${text}`, { failed: true })
  if (!fresh) return sayOffline(one)
  // Whoever has gone on to something else meanwhile stays there.
  const isHere = keepFocus && one.contains(document.activeElement)
  // Busy to its end: the focus leaves what is replaced, and that is no leaving.
  one.replaceWith(fresh)
  if (!answer.ok) keepDraft(formOf(fresh), { text, was: wasOf(fresh) })
  if (answer.ok) tellChanged()
  if (isHere) (answer.ok ? fresh.querySelector<HTMLElement>('[data-edit]') : fieldOf(fresh))?.focus()
}

/** The same thing as the server shows it now; null for any other answer. */
async function pieceOf(answer: Response, id: string): Promise<HTMLElement | null> {
  return new DOMParser().parseFromString(await answer.text().catch(() => ''), 'text/html').getElementById(id)
}

/** Has the card ask for itself: an open editor is passed by, and news come by the socket only while there is one. */
export const tellChanged = (): boolean => document.body.dispatchEvent(new CustomEvent('card-changed'))

function sayOffline(one: HTMLElement): void {
  one.ariaBusy = null
  const said = one.querySelector<HTMLElement>('[data-offline]')
  if (said) said.textContent = said.dataset.offline ?? ''
}
