import { afterAll, expect, test } from 'bun:test'
import { Window } from 'happy-dom'
import { renderToString } from 'preact-render-to-string'
import { RichText } from '../../views/ui/rich-text.tsx'
import { corpus } from '../attacks/corpus.ts'

const window = new Window()
afterAll(() => window.happyDOM.close())

const html = (text: string) => renderToString(<RichText text={text} />)

function elementsOf(text: string) {
  const place = window.document.createElement('div')
  place.innerHTML = html(text)
  return [...place.querySelectorAll('*')]
}

test('a message with all there is becomes these elements', () => {
  const text = '**b** *i* `c` [w](https://a.test/?a=1&b=2)\n- one\n- two\n3. three\n4. four\n```\n<x>\n```\nend'
  expect(html(text)).toBe(
    '<strong>b</strong> <em>i</em> <code>c</code> <a href="https://a.test/?a=1&amp;b=2" target="_blank" ' +
      'rel="noopener noreferrer nofollow">w</a><ul><li>one</li><li>two</li></ul><ol start="3"><li>three</li>' +
      '<li>four</li></ol><pre><code>&lt;x></code></pre>end',
  )
})

const inMarkup = (text: string) => [
  text,
  `**${text}**`,
  `_${text}_`,
  `\`${text}\``,
  `[${text}](https://a.test)`,
  `[x](${text})`,
  `- ${text}\n- ${text}`,
  `\`\`\`\n${text}\n\`\`\``,
]

const allowed = /^(STRONG|EM|CODE|PRE|UL|OL|LI|A)$/

test.each([...corpus, 'java\nscript:alert(1)', 'https://a.test/"><img src=x>', '\u0000', 'tel:"onclick=alert(1)'])(
  'what is hostile in HTML is text in markup: %j',
  (payload) => {
    for (const text of inMarkup(payload)) {
      for (const element of elementsOf(text)) {
        expect(element.tagName).toMatch(allowed)
        const names = [...element.attributes].map(({ name }) => name)
        expect(names).toEqual(
          element.tagName === 'A' ? ['href', 'target', 'rel'] : element.tagName === 'OL' ? ['start'] : [],
        )
        if (element.tagName !== 'A') continue
        expect(element.getAttribute('href')).toMatch(/^(https?|mailto|tel):/)
        expect(element.getAttribute('rel')).toBe('noopener noreferrer nofollow')
      }
    }
  },
)

test('the check itself sees what must not be there', () => {
  const place = window.document.createElement('div')
  place.innerHTML = '<a href="javascript:x" onclick="y">z</a><img src="x">'
  const [link, picture] = place.querySelectorAll('*')
  expect(picture?.tagName).not.toMatch(allowed)
  expect(link?.getAttribute('href')).not.toMatch(/^(https?|mailto|tel):/)
})

test('8,000 characters of open marks are rendered without a deep stack', () => {
  expect(html(`${'*_'.repeat(2000)}x${'_*'.repeat(2000)}`).length).toBeGreaterThan(10)
  expect(html(`${'**a _b '.repeat(600)}${'_ **'.repeat(600)}`).length).toBeGreaterThan(10)
})
