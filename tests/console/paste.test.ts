import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { Window } from 'happy-dom'
import { markupOf } from '../../src/browser/console/paste.ts'
import { corpus } from '../attacks/corpus.ts'

const borrowed = ['DOMParser', 'Node'] as const
const own = new Map(borrowed.map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)]))
const window = new Window()

beforeAll(() => {
  for (const name of borrowed) Object.defineProperty(globalThis, name, { configurable: true, value: window[name] })
})
afterAll(async () => {
  for (const [name, descriptor] of own) {
    if (descriptor) Object.defineProperty(globalThis, name, descriptor)
    else Reflect.deleteProperty(globalThis, name)
  }
  await window.happyDOM.close()
})

describe('what is pasted becomes markup', () => {
  test.each([
    ['a <b>bold</b> word', 'a **bold** word'],
    ['an <em> italic </em>one', 'an _italic_ one'],
    ['<b><i>both</i></b>', '**_both_**'],
    ['<code>npm test</code>', '`npm test`'],
    ['<pre>one\n  two  three</pre>', '```\none\n  two  three\n```'],
    ['<a href="https://shop.example/a">the shop</a>', '[the shop](https://shop.example/a)'],
    ['<a href="https://shop.example/">https://shop.example</a>', 'https://shop.example/'],
    ['<a href="javascript:alert(1)">press</a>', 'press'],
    ['<a href="https://shop.example/(a)">press</a>', 'press'],
    ['<ul><li>one</li><li><b>two</b></li></ul>', '- one\n- **two**'],
    ['<p>first</p><ol><li>one</li><li>two</li></ol>', 'first\n\n1. one\n2. two'],
    ['<p>one</p><p>two</p>', 'one\n\ntwo'],
    ['<div>one</div><div>two<br>three</div>', 'one\ntwo\nthree'],
    ['<h2>Hours</h2><p>From nine</p>', '**Hours**\n\nFrom nine'],
    ['<span>a&nbsp;space</span>  and\n more', 'a space and more'],
    ['<table><tr><td>Water</td><td>4</td></tr><tr><td>Cups</td><td>1</td></tr></table>', 'Water 4\nCups 1'],
    ['<img alt="a pump"> here', 'a pump here'],
    ['<style>p{}</style><script>x()</script><title>t</title>left', 'left'],
  ])('%j', (html, markup) => {
    expect(markupOf(html)).toBe(markup)
  })

  test('as others write it: a wrapper that is not bold, words that are by their style', () => {
    const docs =
      '<meta charset="utf-8"><b style="font-weight:normal"><p><span style="font-weight:700">Bold</span><span style="font-weight:400"> and </span><span style="font-style:italic">slanted</span></p></b>'
    expect(markupOf(docs)).toBe('**Bold** and _slanted_')
    const word =
      '<html><head><style>.MsoNormal{color:red}</style></head><body><!--StartFragment--><p class="MsoNormal">Dear <b>Marina</b>,<o:p></o:p></p><!--EndFragment--></body></html>'
    expect(markupOf(word)).toBe('Dear **Marina**,')
  })

  test('a mark over several lines would be none, and is left out', () => {
    expect(markupOf('<b>one<br>two</b>')).toBe('one\ntwo')
  })

  test.each(corpus)('of %j nothing is left that could run', (html) => {
    const text = markupOf(html)
    expect(typeof text).toBe('string')
    expect(text).not.toMatch(/\]\((?!https?:|mailto:|tel:)/)
  })
})
