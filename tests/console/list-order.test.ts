import { afterAll, expect, test } from 'bun:test'
import { Window } from 'happy-dom'
import { holdOrder, keepTail, withoutKnown } from '../../src/browser/console/list-order.ts'

const { document, happyDOM } = new Window()
afterAll(() => happyDOM.close())

/** A list of conversations named by letters; `words` are what the row says, `more` is the way to the next page. */
function listOf(rows: string, folder = 'waiting', words = ''): HTMLElement {
  const list = document.createElement('ol')
  list.dataset.list = `folder=${folder}`
  for (const id of rows.split(' ').filter(Boolean)) {
    const row = document.createElement('li')
    row.id = id
    // In Waiting a stands first, elsewhere z does.
    if (id.length === 1) Object.assign(row.dataset, { conversation: id, at: `${id.charCodeAt(0)}` })
    row.textContent = `${id}${words}`
    list.append(row)
  }
  return list as never
}

function fragmentOf(list: HTMLElement): DocumentFragment {
  const fragment = document.createDocumentFragment()
  for (const row of [...list.children]) fragment.append(row as never)
  return fragment as never
}

const shown = (of: ParentNode): string => [...of.children].map(({ textContent }) => textContent).join(' ')

test('while a row is pointed at, what would move it waits: order and newcomers, not words', () => {
  const fresh = fragmentOf(listOf('d b a', 'active', '!'))
  expect(holdOrder(listOf('a b c', 'active'), fresh, 'b')).toBe(true)
  // `c` is gone, and stays until the order is let go.
  expect(shown(fresh)).toBe('a! b! c')
})

test('what happens below the row that is pointed at need not wait', () => {
  const fresh = fragmentOf(listOf('a b d e', 'waiting', '!'))
  expect(holdOrder(listOf('a b c'), fresh, 'b')).toBe(false)
  expect(shown(fresh)).toBe('a! b! d! e!')
})

test.each(['', 'a', 'b a'])('the row that is pointed at stays also when it is gone or comes later: %s', (coming) => {
  const fresh = fragmentOf(listOf(coming, 'waiting', '!'))
  expect(holdOrder(listOf('a b'), fresh, 'b')).toBe(true)
  expect(shown(fresh).replaceAll('!', '')).toBe('a b')
})

test('an answer that ends before the list keeps what stands below it, with the way on from there', () => {
  const fresh = fragmentOf(listOf('a c d more', 'waiting', '!'))
  keepTail(listOf('a b c d e f more'), fresh)
  expect(shown(fresh)).toBe('a! c! d! e f more')
})

test('what is gone from the end of an answer is not kept below it', () => {
  // `c` was the last row shown and has been taken; `d` has come in its place.
  const fresh = fragmentOf(listOf('a b d more', 'waiting', '!'))
  keepTail(listOf('a b c more'), fresh)
  expect(shown(fresh)).toBe('a! b! d! more!')
})

test('where the newest stands first, older ones are below', () => {
  const fresh = fragmentOf(listOf('z y x more', 'finished', '!'))
  keepTail(listOf('y x w v more', 'finished'), fresh)
  expect(shown(fresh)).toBe('z! y! x! w v more')
})

test('a whole list keeps nothing below it', () => {
  const fresh = fragmentOf(listOf('a b', 'waiting', '!'))
  keepTail(listOf('a b c more'), fresh)
  expect(shown(fresh)).toBe('a! b!')
})

test('a next page brings no row twice', () => {
  const page = fragmentOf(listOf('c d e more', 'waiting', '!'))
  withoutKnown(listOf('a b c d more'), page)
  expect(shown(page)).toBe('e! more!')
})
