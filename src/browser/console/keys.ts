import type { ActionName } from '../../../views/console/action-names.ts'
import { keep, kept } from './keep.ts'

/**
 * What an agent can do. `keys` are strokes: `j`, `shift+a`, `mod+k` (Ctrl, or Command on a Mac), `g w` (one after the
 * other). `when` says whether it can be done now; an action that `repeats` goes on while its key is held.
 */
export type Action = {
  name: ActionName
  keys: readonly string[]
  when?: () => boolean
  repeats?: boolean
  run: () => void
}

const actions = new Map<ActionName, Action>()
const offName = 'kontuar:single-keys'
const nextStrokeMs = 1500

/** Makes something doable by key and from the palette; a later one of the same name takes its place. */
export function action(one: Action): void {
  actions.set(one.name, one)
}

export const findAction = (name: string): Action | undefined => actions.get(name as ActionName)
export const isPossible = ({ when }: Action): boolean => when?.() ?? true

/** For an action that is a button or link of the page. */
export const pressing = (selector: string): Pick<Action, 'when' | 'run'> => ({
  when: () => shownOf(selector) !== undefined,
  run: () => shownOf(selector)?.click(),
})

const shownOf = (selector: string): HTMLElement | undefined =>
  [...document.querySelectorAll<HTMLElement>(selector)].find((one) => one.checkVisibility())

/** Keys without Ctrl, Alt or Command can be switched off, as those who speak to their computer need (WCAG 2.1.4). */
export const singleKeys = (): boolean => kept(offName) !== 'off'
export const allowSingleKeys = (on: boolean): void => keep(offName, on ? null : 'off')

let begun = ''
let timer = 0

export function startKeys(): void {
  document.addEventListener('keydown', pressed)
}

function pressed(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing || isModifier(event) || event.getModifierState('AltGraph')) return
  // What lies above the page has the keys to itself: Escape closes it and does nothing else.
  if (document.querySelector('dialog:modal, :popover-open')) return
  const stroke = strokeOf(event)
  if (isBare(stroke) && (isTyping(event.target) || !singleKeys())) return
  const strokes = begun === '' ? stroke : `${begun} ${stroke}`
  begin('')
  const found = [...actions.values()].find((one) => one.keys.includes(strokes) && isPossible(one))
  if (found && (found.repeats || !event.repeat)) {
    event.preventDefault()
    found.run()
  } else if (!found && startsSomething(strokes)) begin(strokes)
}

function begin(strokes: string): void {
  clearTimeout(timer)
  begun = strokes
  if (strokes !== '') timer = window.setTimeout(() => begin(''), nextStrokeMs)
}

const startsSomething = (strokes: string): boolean =>
  [...actions.values()].some((one) => one.keys.some((keys) => keys.startsWith(`${strokes} `)))

const isModifier = ({ key }: KeyboardEvent): boolean => ['Shift', 'Control', 'Alt', 'Meta', 'AltGraph'].includes(key)

/** A stroke that would write something where one can write. */
const isBare = (stroke: string): boolean => !/^(mod|alt)\+/.test(stroke) && stroke !== 'Escape'

/** Where a key means what it types, or what a menu makes of it. */
const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    target.closest('[role="menu"]') !== null ||
    target.matches('textarea, select, input:not([type="checkbox"], [type="radio"], [type="button"])'))

function strokeOf(event: KeyboardEvent): string {
  const key = keyOf(event)
  const isPrinted = key.length === 1 && !/[a-z]/.test(key)
  const modifiers = [
    ...(event.ctrlKey || event.metaKey ? ['mod'] : []),
    ...(event.altKey ? ['alt'] : []),
    // A sign such as `?` says itself that it is shifted, and is so on some keyboards alone.
    ...(event.shiftKey && !isPrinted ? ['shift'] : []),
  ]
  return [...modifiers, key].join('+')
}

/** The key as Latin keyboards print it: a Cyrillic or Greek layout has the same keys in the same places. */
function keyOf({ key, code }: KeyboardEvent): string {
  if (key.length !== 1 || /[!-~]/.test(key)) return key.length === 1 ? key.toLowerCase() : key
  return /^Key[A-Z]$/.test(code) ? code.slice(3).toLowerCase() : key
}
