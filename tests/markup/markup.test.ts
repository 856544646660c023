import { expect, test } from 'bun:test'
import type { Inline } from '../../views/ui/inline-markup.ts'
import { type Block, parseMarkup, plainWords } from '../../views/ui/markup.ts'
import { leastWorkMs } from '../support/work.ts'

/** A tree as one line, to compare with: `b(…)` bold, `i(…)` italic, `c(…)` code, `a(words|href)` a link. */
function tree(text: string): string {
  return parseMarkup(text).map(shown).join('')
}

function shown(piece: Block): string {
  if (typeof piece === 'string') return piece
  const inside = (pieces: Inline[]) => pieces.map(shown).join('')
  switch (piece.kind) {
    case 'bold':
      return `b(${inside(piece.inside)})`
    case 'italic':
      return `i(${inside(piece.inside)})`
    case 'code':
      return `c(${piece.code})`
    case 'link':
      return `a(${piece.words}|${piece.href})`
    case 'block':
      return `pre(${piece.code})`
    default:
      return `${piece.from === null ? 'ul' : `ol${piece.from}`}(${piece.items.map(inside).join('|')})`
  }
}

test.each([
  // bold and italic
  ['**Bold** and *italic* and _italic too_', 'b(Bold) and i(italic) and i(italic too)'],
  ['***both***', 'b(i(both))'],
  ['**bold *and italic***', 'b(bold i(and italic))'],
  ['*italic **and bold***', 'i(italic b(and bold))'],
  ['_**both**_', 'i(b(both))'],
  ['«**да**», (*нет*)!', '«b(да)», (i(нет))!'],
  ['**Доставка** завтра, _с 12 до 14_.', 'b(Доставка) завтра, i(с 12 до 14).'],
  ['**Zażółć** gęślą *jaźń*', 'b(Zażółć) gęślą i(jaźń)'],
  ['*a _b_ c*', 'i(a b c)'],
  ['**מים** ו*חלב*', 'b(מים) ו*חלב*'],
  // code
  ['run `npm start` now', 'run c(npm start) now'],
  ['`**not bold**` and `_`', 'c(**not bold**) and c(_)'],
  ['```\nconst a = *1*\n\n- b\n```', 'pre(const a = *1*\n\n- b)'],
  ['See:\n\n```js\nx\n```\n\nand go on', 'See:pre(x)and go on'],
  // links
  ['See https://shop.test/a, please.', 'See a(https://shop.test/a|https://shop.test/a), please.'],
  ['(https://shop.test/a_(b))', '(a(https://shop.test/a_(b)|https://shop.test/a_(b)))'],
  ['https://x.test/a_b_c*d*e?f=_g', 'a(https://x.test/a_b_c*d*e?f=_g|https://x.test/a_b_c*d*e?f=_g)'],
  ['***a* b**', 'b(i(a) b)'],
  ['***a** b*', 'i(b(a) b)'],
  ['**https://x.test/**', 'b(a(https://x.test/|https://x.test/))'],
  ['_see https://x.test/a_', 'i(see a(https://x.test/a|https://x.test/a))'],
  ['HTTPS://SHOP.TEST/A', 'a(HTTPS://SHOP.TEST/A|https://shop.test/A)'],
  ['javascript:https://shop.test/', 'javascript:a(https://shop.test/|https://shop.test/)'],
  ['[our prices](https://shop.test/p_1_(x)) are here', 'a(our prices|https://shop.test/p_1_(x)) are here'],
  ['**[Прайс.pdf](https://shop.test/p.pdf)**', 'b(a(Прайс.pdf|https://shop.test/p.pdf))'],
  ['call tel:+48123 or mailto:a@b.test', 'call a(tel:+48123|tel:+48123) or a(mailto:a@b.test|mailto:a@b.test)'],
  // lists
  ['We need:\n- water, **19 l**\n- a pump\nThank you', 'We need:ul(water, b(19 l)|a pump)Thank you'],
  ['* one\n* two', 'ul(one|two)'],
  ['Шаги:\n\n1. Открыть\n2. Налить\n\nВсё', 'Шаги:ol1(Открыть|Налить)Всё'],
  ['7. seven\n8. eight', 'ol7(seven|eight)'],
  ['- a\n- b\n1. c\n2. d', 'ul(a|b)ol1(c|d)'],
])('%j is %j', (text, wanted) => {
  expect(tree(text)).toBe(wanted)
})

// What people write and do not mean as markup.
test.each([
  'snake_case_words and _ alone',
  '2*3*4 = 24',
  '2 * 3 * 4',
  '5**2**2',
  'call *100# or *101#',
  '100 ₽* and 200 ₽*',
  '*Цена без доставки\n*Цена с доставкой',
  '** not bold **',
  '*** and ****',
  '**bold over\ntwo lines**',
  'б***ь',
  '__init__',
  '`',
  '``',
  'a `b',
  '``double``',
  '- Да, конечно',
  '— Нет\n— Да',
  '12. апреля',
  '2020. a\n1999. b',
  '1) one\n2) two',
  '-5\n-6',
  '```\nnever closed',
  '```one line```',
  '# no heading',
  '> no quotation',
  '| a | b |',
  '![x](y)',
  '[x]',
  '[x]()',
  '[](https:)',
  '[x](javascript:alert(1))',
  '[x](JaVaScRiPt:alert(1))',
  '[x](data:text/html,<script>alert(1)</script>)',
  '[x](//evil.test)',
  '[x](/relative)',
  'javascript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'vbscript:x',
  'file:///etc/passwd',
  'http://',
  'shop.test',
  '<b>bold</b> <img src=x onerror=alert(1)> &lt;',
  '',
  '\n\n',
  '  two  spaces\t and a tab ',
])('%j stays as it is', (text) => {
  expect(tree(text)).toBe(text)
  expect(parseMarkup(text).every((piece) => typeof piece === 'string')).toBe(true)
})

test('a link never hides behind the words of another address', () => {
  const hrefs = (text: string) =>
    parseMarkup(text).flatMap((piece) => (typeof piece === 'object' && piece.kind === 'link' ? [piece.href] : []))
  expect(hrefs('[https://bank.test](https://evil.test)')).not.toContain('https://evil.test/')
  expect(hrefs('[www.bank.test](https://evil.test)')).toEqual(['https://evil.test/'])
  expect(tree('[www.bank.test](https://evil.test)')).toBe('[www.bank.test](a(https://evil.test|https://evil.test/))')
})

test('no character of a text is lost but the marks that became something', () => {
  for (const text of ['a **b** c', '*x* _y_', '[w](https://a.test) z', '`c` d', 'one\n\ntwo\n']) {
    const left = (mixed: string) => mixed.replace(/[*_`[\]()]|https:\/\/a\.test/g, '').trim()
    expect(left(plainWords(text))).toBe(left(text))
  }
})

test('read aloud, a message is its words', () => {
  expect(plainWords('**Yes**, see [the list](https://a.test):\n- `one`\n- _two_\n\nBye')).toBe(
    'Yes, see the list:\none\ntwo\nBye',
  )
})

const hostile = {
  stars: '*'.repeat(8000),
  'stars and spaces': '* '.repeat(4000),
  'words between stars': '*a '.repeat(2600),
  'closings only': 'a* '.repeat(2600),
  'open and close': '*a* '.repeat(2000),
  'all kinds of openings': '*a _b **c '.repeat(800) + 'x***',
  nested: `${'*_'.repeat(2000)}x${'_*'.repeat(2000)}`,
  brackets: '['.repeat(8000),
  'brackets with words': '[a'.repeat(4000),
  'links that never end': '[a]('.repeat(2000),
  'links to nothing': '[a](b)'.repeat(1300),
  'long links to nothing': `[a](${'y[b](z)'.repeat(1100)})`,
  'brackets in addresses': `[a](${'(x)'.repeat(2600)}`,
  backticks: '`'.repeat(8000),
  'backticks with words': '`a'.repeat(4000),
  'backticks and spaces': '`` ` '.repeat(1600),
  fences: '```\n'.repeat(2000),
  'fences that never close': '```a\n'.repeat(1600),
  items: '- a\n'.repeat(2000),
  'items without words': '- \n'.repeat(2600),
  numbers: '1. a\n'.repeat(1600),
  lines: '\n'.repeat(8000),
  addresses: 'https://'.repeat(1000),
  'address heads': 'https:'.repeat(1300),
  'an address with many dots': `http://x${'.'.repeat(7900)}`,
  'dots inside an address': `https://${'a.'.repeat(3900)}`,
  'one long word': 'a'.repeat(8000),
  underscores: '_a'.repeat(4000),
}

test.each(Object.entries(hostile))('8,000 hostile characters take no time: %s', (_name, text) => {
  expect(leastWorkMs(() => parseMarkup(text))).toBeLessThan(60)
  // Sixteen times the text takes sixteen times as long, not 256 times.
  const long = text.repeat(16)
  expect(leastWorkMs(() => parseMarkup(long))).toBeLessThan(600)
})

test('the tree is never deeper than bold and italic in a list', () => {
  const depth = (pieces: Block[]): number =>
    Math.max(
      0,
      ...pieces.map((piece) => (typeof piece === 'object' && 'inside' in piece ? 1 + depth(piece.inside) : 0)),
    )
  for (const text of Object.values(hostile)) expect(depth(parseMarkup(text))).toBeLessThanOrEqual(2)
})
