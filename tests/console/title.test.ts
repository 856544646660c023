import { expect, test } from 'bun:test'
import { corpus } from '../attacks/corpus.ts'
import type * as TitleScript from '../../src/browser/console/title.ts'
import { onPage } from './window-for.ts'

const page = (title: string, unread: number) =>
  `<head><title></title><link rel="icon" href="/icon.svg"></head><body><div class="console" data-page="inbox" data-unread="${unread}"></div>` +
  `<span id="rail-unread" hidden><span class="count"></span></span><p id="title">${title}</p></body>`

type Shown = { title: string; icon: string; rail: string | null; elements: number }

async function shown(title: string, unread: number, ...changes: (number | string)[]): Promise<Shown[]> {
  const seen: Shown[] = []
  await onPage(page('', unread), async ({ document, happyDOM }) => {
    document.title = (unread > 0 ? `(${unread > 99 ? '99+' : unread}) ` : '') + title
    const { startTitle } = (await import(
      `../../src/browser/console/title.ts?page=${Math.random()}`
    )) as typeof TitleScript
    startTitle()
    const look = async () => {
      await happyDOM.waitUntilComplete()
      const rail = document.querySelector('#rail-unread') as unknown as HTMLElement
      const icon = document.querySelector('link')?.getAttribute('href') ?? ''
      const elements = document.querySelectorAll('*').length
      seen.push({ title: document.title, icon, rail: rail.hidden ? null : rail.textContent, elements })
    }
    await look()
    for (const change of changes) {
      if (typeof change === 'string') document.title = change
      else document.querySelector('.console')?.setAttribute('data-unread', `${change}`)
      await look()
    }
  })
  return seen
}

test('the number of what is unread stands before the title, in the icon and in the rail, and goes with it', async () => {
  const [first, more, many, none] = await shown('Waiting · Kontuar', 3, 12, 100, 0)
  expect(first).toMatchObject({ title: '(3) Waiting · Kontuar', rail: '3' })
  expect(decodeURIComponent(first?.icon ?? '')).toMatch(/^data:image\/svg\+xml,<svg .*>3<\/text><\/svg>$/)
  expect(more).toMatchObject({ title: '(12) Waiting · Kontuar', rail: '12' })
  expect(decodeURIComponent(more?.icon ?? '')).toContain('>9+<')
  expect(many).toMatchObject({ title: '(99+) Waiting · Kontuar', rail: '99+' })
  expect(none).toMatchObject({ title: 'Waiting · Kontuar', rail: null })
  expect(none?.icon).toBe('https://kontuar.test/icon.svg')
})

test('a conversation that is opened in place brings its own title, and keeps the number', async () => {
  const [, other, fewer] = await shown('Waiting · Kontuar', 3, 'Марина · Kontuar', 2)
  expect([other?.title, fewer?.title]).toEqual(['(3) Марина · Kontuar', '(2) Марина · Kontuar'])
})

test('somebody who is called by a number in brackets keeps it', async () => {
  const [, named, none] = await shown('Waiting', 3, '(7) Boris', 0)
  expect([named?.title, none?.title]).toEqual(['(3) (7) Boris', '(7) Boris'])
})

test.each(corpus)('%j is text in the title', async (payload) => {
  const [before, named] = await shown('Waiting', 1, payload)
  // A title is one line: white space in it is one space.
  expect(named?.title).toBe(`(1) ${payload}`.replaceAll(/\s+/g, ' ').trim())
  expect(named?.elements).toBe(before?.elements ?? 0)
  expect(named?.icon).toBe(before?.icon ?? '')
})
