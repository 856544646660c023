import { expect, test } from 'bun:test'
import type { Window } from 'happy-dom'
import type { ActionName } from '../../views/console/action-names.ts'
import type * as KeysScript from '../../src/browser/console/keys.ts'
import { onPage } from './window-for.ts'

const page =
  '<button id="b">x</button><textarea id="t"></textarea><input id="c" type="checkbox"><div role="menu"><button id="m">y</button></div>'
const bound: [ActionName, string[]][] = [
  ['next', ['j', 'ArrowDown']],
  ['read_all', ['shift+a']],
  ['palette', ['mod+k', '/']],
  ['waiting', ['g w']],
  ['keys', ['?']],
  ['back', ['Escape']],
]

type Stroke = {
  key: string
  code?: string
  ctrlKey?: boolean
  metaKey?: boolean
  shiftKey?: boolean
  altKey?: boolean
  isComposing?: boolean
  repeat?: boolean
}

/** What each of these strokes does, pressed one after the other where the focus is. */
async function pressed(
  strokes: Stroke[],
  focus = '#b',
  more: { when?: () => boolean; off?: boolean } = {},
): Promise<string[]> {
  const did: string[] = []
  await onPage(page, async (window) => {
    // Loaded anew for each page: a module remembers which document it listens to.
    const { action, allowSingleKeys, startKeys } = (await import(
      `../../src/browser/console/keys.ts?page=${Math.random()}`
    )) as typeof KeysScript
    allowSingleKeys(!more.off)
    for (const [name, keys] of bound) {
      action({ name, keys, ...(more.when ? { when: more.when } : {}), run: () => did.push(name) })
    }
    startKeys()
    const target = window.document.querySelector(focus)
    for (const stroke of strokes) target?.dispatchEvent(eventFor(window, stroke))
  })
  return did
}

const eventFor = (window: Window, stroke: Stroke) =>
  new window.KeyboardEvent('keydown', { bubbles: true, cancelable: true, ...stroke } as never)

test.each<[string, Stroke[], string[]]>([
  ['a letter', [{ key: 'j' }], ['next']],
  ['the same key of a Cyrillic keyboard', [{ key: 'о', code: 'KeyJ' }], ['next']],
  ['the same letter of a French keyboard, wherever it lies', [{ key: 'j', code: 'KeyX' }], ['next']],
  ['a capital, which is another', [{ key: 'J', shiftKey: true }], []],
  ['a capital that is bound', [{ key: 'A', shiftKey: true }], ['read_all']],
  ['with caps lock alone', [{ key: 'J' }], ['next']],
  ['a sign that is shifted here', [{ key: '?', shiftKey: true }], ['keys']],
  ['a sign that is not', [{ key: '?' }], ['keys']],
  ['with Ctrl', [{ key: 'k', ctrlKey: true }], ['palette']],
  ['with Command', [{ key: 'k', metaKey: true }], ['palette']],
  ['with Ctrl on a Cyrillic keyboard', [{ key: 'л', code: 'KeyK', ctrlKey: true }], ['palette']],
  ['one after the other', [{ key: 'g' }, { key: 'w' }], ['waiting']],
  ['one after the other, with something between', [{ key: 'g' }, { key: 'x' }, { key: 'w' }], []],
  ['while a word is being composed', [{ key: 'j', isComposing: true }], []],
  ['held down', [{ key: 'j' }, { key: 'j', repeat: true }], ['next']],
])('%s', async (_name, strokes, did) => {
  expect(await pressed(strokes)).toEqual(did)
})

test('where one writes a letter is a letter, and a key with Ctrl still works', async () => {
  const all = [{ key: 'j' }, { key: '?' }, { key: '/' }, { key: 'A', shiftKey: true }, { key: 'k', ctrlKey: true }]
  expect(await pressed(all, '#t')).toEqual(['palette'])
  expect(await pressed(all, '#c')).toEqual(['next', 'keys', 'palette', 'read_all', 'palette'])
})

test('in a menu letters choose its items', async () => {
  expect(await pressed([{ key: 'j' }, { key: 'ArrowDown' }], '#m')).toEqual([])
})

test('single keys can be switched off, those with Ctrl and Escape stay', async () => {
  const all = [{ key: 'j' }, { key: 'g' }, { key: 'w' }, { key: 'k', metaKey: true }, { key: 'Escape' }]
  expect(await pressed(all, '#b', { off: true })).toEqual(['palette', 'back'])
})

test('what cannot be done now does nothing', async () => {
  expect(await pressed([{ key: 'j' }], '#b', { when: () => false })).toEqual([])
})
