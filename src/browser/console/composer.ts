import { showSide } from './aim.ts'
import { closeEmoji } from './emoji.ts'
import { keep, kept } from './keep.ts'
import { say } from './live.ts'
import { openLog } from './log.ts'
import { markByKey, startMarks } from './marks.ts'
import { send, sendAgain, takeBack } from './outbox.ts'
import { pasted } from './paste.ts'
import { agentId, find, onOpen, openConversation } from './place.ts'
import { toLatest } from './view.ts'
import { isToAnswer } from './visit.ts'

const typingEveryMs = 3000
let toldTypingAt = 0
let form: HTMLFormElement | null = null
let box: HTMLTextAreaElement | null = null
let id = ''
let placeholder = ''

const draftName = () => `kontuar:draft:${agentId}:${id}`

export function startComposer(): void {
  document.addEventListener('click', clicked)
  startMarks()
  onOpen(opened)
}

function opened(): void {
  form = find<HTMLFormElement>('#reply')
  box = find<HTMLTextAreaElement>('#body')
  id = openConversation()?.id ?? ''
  if (!form || !box) return
  placeholder = box.placeholder
  toldTypingAt = 0
  box.value = kept(draftName()) ?? box.value
  fit()
  showKept()
  box.addEventListener('input', typed)
  box.addEventListener('keydown', pressed)
  box.addEventListener('paste', pasted)
  form.addEventListener('submit', submitted)
  stateChanged()
  if (isToAnswer() && matchMedia('(pointer: fine)').matches) box.focus({ preventScroll: true })
}

function typed(): void {
  if (!box) return
  keep(draftName(), box.value === '' ? null : box.value)
  fit()
  showKept()
  if (box.value === '' || Date.now() - toldTypingAt < typingEveryMs) return
  toldTypingAt = Date.now()
  say({ type: 'typing', conversationId: id })
}

/** Enter sends where there is a keyboard; a finger has its own button, and an input method its own Enter. */
function pressed(event: KeyboardEvent): void {
  if (box && markByKey(event, box)) return event.preventDefault()
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing || !matchMedia('(pointer: fine)').matches) return
  event.preventDefault()
  form?.requestSubmit()
}

function submitted(event: SubmitEvent): void {
  event.preventDefault()
  if (!box || box.value.trim() === '') return
  send(box.value)
  box.value = ''
  keep(draftName(), null)
  toldTypingAt = 0
  fit()
  showKept()
  closeEmoji()
  // What one says is seen: also by whoever reads further up, or one side alone.
  const side = openLog()?.side ?? null
  if (side !== null && side !== 'agent') showSide('all')
  else void toLatest()
  box.focus({ preventScroll: true })
}

function clicked(event: MouseEvent): void {
  const button = (event.target as Element).closest<HTMLButtonElement>('#messages button[data-do]')
  const clientId = button?.closest<HTMLElement>('li[data-state]')?.dataset.clientId
  if (!button || clientId === undefined || !box) return
  if (button.dataset.do === 'again') return sendAgain(clientId)
  if (button.dataset.do !== 'edit') return
  const body = takeBack(clientId)
  box.value = box.value === '' ? body : `${body}\n${box.value}`
  typed()
  box.focus()
}

/** An answer to somebody who waits also takes the conversation: the box says so. */
export function stateChanged(): void {
  const state = find('#actions')?.dataset.state
  if (box) box.placeholder = state === 'waiting' ? (box.dataset.takes ?? placeholder) : placeholder
}

/** That a draft is kept is said where else the keys are. */
function showKept(): void {
  const empty = box?.value === ''
  for (const hint of form?.querySelectorAll<HTMLElement>('.keys') ?? []) hint.hidden = 'kept' in hint.dataset === empty
}

/** Grows with the text where the style cannot. */
function fit(): void {
  if (!box || CSS.supports('field-sizing', 'content')) return
  box.style.height = 'auto'
  box.style.height = `${Math.min(box.scrollHeight, innerHeight * 0.4)}px`
}
