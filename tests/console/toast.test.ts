import { expect, test } from 'bun:test'
import type { Window } from 'happy-dom'
import type * as ToastsScript from '../../src/browser/console/toast.ts'
import { onPage } from './window-for.ts'

const page =
  '<div id="toasts"></div><template id="toast"><p class="toast"><span class="words"></span><button data-undo>Undo</button></p></template>'

type Toasts = typeof ToastsScript

async function withToasts(run: (toasts: Toasts, window: Window, settle: () => Promise<void>) => Promise<void>) {
  await onPage(page, async (window) => {
    const toasts = (await import(`../../src/browser/console/toast.ts?page=${Math.random()}`)) as Toasts
    toasts.startToasts()
    const settle = async () => {
      for (let turn = 0; turn < 5; turn++) await Promise.resolve()
    }
    await run(toasts, window, settle)
  })
}

const said = ({ document }: Window) =>
  [...document.querySelectorAll('#toasts > *')]
    .filter((one) => !(one as never as HTMLElement).hidden)
    .map((one) => one.textContent)

test('what was done is said as text, and can be undone once', async () => {
  await withToasts(async ({ toast, canUndo, undoLast }, window) => {
    let undone = 0
    expect(canUndo()).toBe(false)
    toast('Sent <b>it</b>')
    expect([said(window), canUndo()]).toEqual([['Sent <b>it</b>'], false])
    expect(window.document.querySelector('#toasts b')).toBeNull()
    toast('Finished', { undo: () => undone++ })
    expect(canUndo()).toBe(true)
    undoLast()
    expect([undone, canUndo(), said(window)]).toEqual([1, false, ['Sent <b>it</b>']])
    undoLast()
    expect(undone).toBe(1)
  })
})

test('of many the last three stay', async () => {
  await withToasts(async ({ toast }, window, settle) => {
    for (const words of ['1', '2', '3', '4', '5']) toast(words)
    await settle()
    expect(said(window)).toEqual(['3', '4', '5'])
  })
})
