import { openDialog } from './dialogs.ts'
import { type Action, allowSingleKeys, findAction, singleKeys } from './keys.ts'

/** Shows what can be done by keys on this page. */
export const showKeys = (): void => void openDialog('keys', prepare)

function prepare(dialog: HTMLDialogElement): void {
  const single = dialog.querySelector<HTMLInputElement>('#single-keys')
  if (single) {
    single.checked = singleKeys()
    single.onchange = () => allowSingleKeys(single.checked)
  }
  const body = dialog.querySelector<HTMLElement>('.keys-body')
  for (const row of dialog.querySelectorAll<HTMLElement>('[data-keys-of]')) {
    const action = findAction(row.dataset.keysOf ?? '')
    row.hidden = action === undefined || action.keys.length === 0
    if (action) row.querySelector('dd')?.replaceChildren(...keysOf(action, body?.dataset ?? {}))
  }
  for (const section of dialog.querySelectorAll('section')) {
    section.hidden = section.querySelector('[data-keys-of]:not([hidden])') === null
  }
}

/** The keys of an action as people read them. */
export function keysOf({ keys }: Action, words: DOMStringMap): Node[] {
  const one = (strokes: string) =>
    joined(
      strokes.split(' ').map((stroke) => cap(stroke, words)),
      words.then,
    )
  return joined(
    keys.map((strokes) => one(strokes)),
    words.or,
  ).flat()
}

function joined<T>(parts: T[], word = ''): (T | Text)[] {
  return parts.flatMap((part, place) => (place === 0 ? [part] : [document.createTextNode(` ${word} `), part]))
}

const onMac = /mac|iphone|ipad/i.test(navigator.platform)

function cap(stroke: string, words: DOMStringMap): HTMLElement {
  const kbd = document.createElement('kbd')
  kbd.textContent = stroke
    .split('+')
    .map((key) => labelOf(key, words))
    .join(onMac ? '' : '+')
  return kbd
}

function labelOf(key: string, words: DOMStringMap): string {
  if (key === 'mod') return onMac ? '⌘' : 'Ctrl'
  if (key === 'alt') return onMac ? '⌥' : 'Alt'
  if (key === 'shift') return onMac ? '⇧' : (words.shift ?? key)
  if (key === 'Escape') return words.escape ?? key
  const arrow = { ArrowDown: '↓', ArrowUp: '↑', ArrowLeft: '←', ArrowRight: '→' }[key]
  return arrow ?? (key.length === 1 ? key.toUpperCase() : key)
}
