import type { Say } from '../../catalogues/widget-words.ts'
import type { showPicker } from '../widget/emoji/en.ts'
import { type Mark, setMark } from './marks.ts'
import { write } from './writing.ts'

// A text with light markup: its toolbar, its emoji and how much of it fits.

export function startWords(): void {
  document.addEventListener('click', ({ target }) => {
    const button = target instanceof Element ? target.closest<HTMLElement>('.marked .tools button') : null
    const box = button && boxOf(button)
    if (!button || !box) return
    if (button.dataset.do === 'settings-emoji') void toggleEmoji(button, box)
    else if (button.dataset.mark !== undefined) setMark(box, button.dataset.mark as Mark)
  })
  document.addEventListener('input', ({ target }) => target instanceof HTMLTextAreaElement && count(target))
}

const boxOf = (button: Element): HTMLTextAreaElement | null =>
  button.closest('.marked')?.querySelector<HTMLTextAreaElement>('textarea') ?? null

function count(box: HTMLTextAreaElement): void {
  const place = document.querySelector<HTMLElement>(`[data-count-of="${box.id}"]`)
  if (!place) return
  const { length } = box.value
  place.dataset.over = `${length > Number(place.dataset.most)}`
  place.textContent = (place.dataset.words ?? '').replace(
    '{count}',
    length.toLocaleString(document.documentElement.lang),
  )
}

async function toggleEmoji(button: HTMLElement, box: HTMLTextAreaElement): Promise<void> {
  const place = document.getElementById(button.getAttribute('aria-controls') ?? '')
  const inside = place?.querySelector<HTMLElement>('.emoji-place')
  const failed = place?.querySelector<HTMLElement>('.emoji-failed')
  if (!place || !inside || !failed) return
  place.hidden = !place.hidden
  button.setAttribute('aria-expanded', `${!place.hidden}`)
  if (place.hidden) return box.focus()
  try {
    const picker = (await import(place.dataset.script ?? '')) as { showPicker: typeof showPicker }
    failed.hidden = true
    picker.showPicker(inside, wordsOf(place), (emoji) => write(box, emoji))
  } catch {
    failed.hidden = false
  }
}

function wordsOf({ dataset }: HTMLElement): Say {
  const words: Record<string, string | undefined> = { 'emoji.search': dataset.search, 'emoji.none': dataset.none }
  return (name) => words[name] ?? ''
}
