import { expect, test } from 'bun:test'
import { linkPieces } from '../../src/browser/widget/links.ts'

const hrefs = (text: string) => linkPieces(text).flatMap((piece) => (typeof piece === 'string' ? [] : [piece.href]))

test.each([
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'vbscript:x',
  'file:///etc/passwd',
  'http://',
  'shop.test',
])('%s is no link', (text) => {
  expect(hrefs(text)).toEqual([])
  expect(linkPieces(text)).toEqual([text])
})

test.each([
  ['See https://shop.test/a, please.', 'https://shop.test/a'],
  ['(https://shop.test/a_(b))', 'https://shop.test/a_(b)'],
  ['« https://shop.test/a »', 'https://shop.test/a'],
  ['HTTPS://SHOP.TEST/A', 'https://shop.test/A'],
  ['javascript:https://shop.test/', 'https://shop.test/'],
])('in %s the link is %s', (text, href) => {
  expect(hrefs(text)).toEqual([href])
})

test('nothing of the text is lost or changed', () => {
  const text = 'a https://x.test/1 b\nhttp://y.test. tel:+1 «mailto:a@b.test»'
  expect(
    linkPieces(text)
      .map((piece) => (typeof piece === 'string' ? piece : piece.text))
      .join(''),
  ).toBe(text)
})

test('a very long text without spaces takes no time', () => {
  const started = performance.now()
  linkPieces(`https://${'a.'.repeat(4000)}`)
  linkPieces('https:'.repeat(1300))
  linkPieces(`http://x${'.'.repeat(7900)}`)
  expect(performance.now() - started).toBeLessThan(200)
})
