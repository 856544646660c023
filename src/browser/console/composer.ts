import { keep, kept } from './keep.ts'
import { say } from './live.ts'
import { send, sendAgain, takeBack } from './outbox.ts'
import { agentId, find, onOpen, openConversation } from './place.ts'
import { toBottom } from './view.ts'

const typingEveryMs = 3000
let toldTypingAt = 0
let form: HTMLFormElement | null = null
let box: HTMLTextAreaElement | null = null
let id = ''
let placeholder = ''

const draftName = () => `kontuar:draft:${agentId}:${id}`

export function startComposer(): void {
  document.addEventListener('click', clicked)
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
  box.addEventListener('input', typed)
  box.addEventListener('keydown', pressed)
  form.addEventListener('submit', submitted)
  stateChanged()
  if (matchMedia('(pointer: fine)').matches) box.focus({ preventScroll: true })
}

function typed(): void {
  if (!box) return
  keep(draftName(), box.value === '' ? null : box.value)
  fit()
  if (box.value === '' || Date.now() - toldTypingAt < typingEveryMs) return
  toldTypingAt = Date.now()
  say({ type: 'typing', conversationId: id })
}

/** Enter sends where there is a keyboard; a finger has its own button, and an input method its own Enter. */
function pressed(event: KeyboardEvent): void {
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
  toBottom()
  box.focus({ preventScroll: true })
}

function clicked(event: MouseEvent): void {
  const button = (event.target as Element).closest<HTMLButtonElement>('button[data-do]')
  const clientId = button?.closest<HTMLElement>('li')?.dataset.clientId
  if (!button || clientId === undefined || !box) return
  if (button.dataset.do === 'again') return sendAgain(clientId)
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

/** Grows with the text where the style cannot. */
function fit(): void {
  if (!box || CSS.supports('field-sizing', 'content')) return
  box.style.height = 'auto'
  box.style.height = `${Math.min(box.scrollHeight, innerHeight * 0.4)}px`
}
