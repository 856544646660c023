import type { Say } from '../../catalogues/widget-words.ts'
import type { showPicker } from '../widget/emoji/en.ts'
import { find } from './place.ts'
import { write } from './writing.ts'

// The picker is the widget's, with its names in the reader's language: it comes when it is first asked for.
const button = () => find<HTMLButtonElement>('[data-do="emoji"]')

export function startEmoji(): void {
  document.addEventListener('click', (event) => {
    const target = event.target as Element
    if (target.closest('[data-do="emoji"]')) toggle()
    else if (!target.closest('#emoji, .composer')) closeEmoji()
  })
  document.addEventListener('keydown', (event) => {
    const place = find('#emoji')
    if (event.key !== 'Escape' || !place || place.hidden) return
    event.preventDefault()
    closeEmoji()
    find('#body')?.focus({ preventScroll: true })
  })
}

export function closeEmoji(): void {
  const place = find('#emoji')
  if (!place || place.hidden) return
  place.hidden = true
  button()?.setAttribute('aria-expanded', 'false')
}

function toggle(): void {
  const place = find('#emoji')
  if (!place) return
  if (!place.hidden) return closeEmoji()
  place.hidden = false
  button()?.setAttribute('aria-expanded', 'true')
  void fill(place)
}

async function fill(place: HTMLElement): Promise<void> {
  const inside = place.querySelector<HTMLElement>('.emoji-place')
  const failed = place.querySelector<HTMLElement>('.emoji-failed')
  if (!inside || !failed) return
  try {
    const picker = (await import(place.dataset.script ?? '')) as { showPicker: typeof showPicker }
    failed.hidden = true
    picker.showPicker(inside, wordsOf(place), (emoji) => {
      const box = find<HTMLTextAreaElement>('#body')
      if (box) write(box, emoji)
    })
  } catch {
    failed.hidden = false
  }
}

function wordsOf({ dataset }: HTMLElement): Say {
  const words: Record<string, string | undefined> = { 'emoji.search': dataset.search, 'emoji.none': dataset.none }
  return (name) => words[name] ?? ''
}
