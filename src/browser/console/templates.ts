import { closeEmoji } from './emoji.ts'
import { action } from './keys.ts'
import { find, openConversation, signInAgain } from './place.ts'
import type * as PanelScript from './template-panel.ts'
import { write } from './writing.ts'

// The panel of templates comes with a script of its own, when somebody writes for the first time.
type Panel = PanelScript.Panel
let panel: Panel | null = null
let coming: Promise<Panel | null> | null = null

const box = (): HTMLTextAreaElement | null => find<HTMLTextAreaElement>('#body')

export function startTemplates(): void {
  document.addEventListener('focusin', ({ target }) => {
    if (target instanceof Element && !target.closest('.composer')) panel?.close()
  })
  document.addEventListener('click', ({ target }) => {
    if (!(target instanceof Element)) return
    if (target.closest('[data-do="templates"]')) toggle()
    else if (!target.closest('.composer')) panel?.close()
  })
  document.addEventListener('input', ({ target }) => {
    if (!(target instanceof Element) || !target.closest('#reply')) return
    if (panel) panel.typed(target)
    else void load()
  })
  document.addEventListener('selectionchange', () => panel?.moved())
  // Before the answer hears of it: in an open panel Enter does not send.
  document.addEventListener('keydown', pressed, true)
  for (const news of ['templates-changed', 'card-changed', 'conversation-changed'])
    document.body.addEventListener(news, () => panel?.changed())
  const isShown = () => find('[data-do="templates"]')?.checkVisibility() ?? false
  action({ name: 'templates', keys: ['shift+t', 'mod+/'], when: isShown, run: toggle })
}

function toggle(): void {
  closeEmoji()
  if (panel) panel.toggle()
  else void load().then((come) => come?.toggle())
}

function pressed(event: KeyboardEvent): void {
  const { target } = event
  if (event.isComposing || !(target instanceof Element) || !target.closest('.composer')) return
  if (!panel?.pressed(event)) return
  event.preventDefault()
  event.stopPropagation()
}

function load(): Promise<Panel | null> {
  coming ??= fetchPanel()
  return coming
}

async function fetchPanel(): Promise<Panel | null> {
  try {
    const script = (await import(find('#templates')?.dataset.script ?? '')) as typeof PanelScript
    panel = script.makePanel({ write, signInAgain, conversation: () => openConversation()?.id ?? '' })
    // What was typed before it was there.
    const here = box()
    if (here && document.activeElement === here) panel.typed(here)
  } catch {
    coming = null
  }
  return panel
}
