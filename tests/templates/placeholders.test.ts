import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import {
  fillPieces,
  fillPlaceholders,
  type Facts,
  placeholders,
  unfilled,
  wrongPlaceholder,
} from '../../views/templates/placeholders.ts'
import { leastWorkMs } from '../support/work.ts'

const boris: Facts = { 'contact.name': 'Boris', 'order.number': '7-1', 'agent.name': 'Anna', 'containers.owed': '0' }

describe('a placeholder is filled', () => {
  test.each([
    ['Hello {{contact.name}}!', 'Hello Boris!'],
    ['Hello {{contact.name|there}}!', 'Hello Boris!'],
    ['{{ contact.name }}, {{order.number | none}}', 'Boris, 7-1'],
    ['{{zone.name|your zone}}', 'your zone'],
    ['{{zone.name| }}.', '.'],
    ['You owe {{containers.owed|nothing}}', 'You owe 0'],
    ['{{{contact.name}}}', '{Boris}'],
    ['{{contact.name}}{{agent.name}}', 'BorisAnna'],
    ['{ not } {{x}} {{contact.name', '{ not } {{x}} {{contact.name'],
  ])('%j is read as %j', (text, expected) => expect(fillPlaceholders(text, boris)).toBe(expected))

  test('as far as something is known; the rest stays to be seen, and is never sent', () => {
    const text = 'Order {{order.number}} goes to {{zone.name}}.'
    expect(fillPieces(text, boris)).toEqual([
      { kind: 'words', text: 'Order ' },
      { kind: 'filled', text: '7-1' },
      { kind: 'words', text: ' goes to ' },
      { kind: 'missing', text: '{{zone.name}}' },
      { kind: 'words', text: '.' },
    ])
    expect(unfilled(fillPlaceholders(text, boris))).toBe('{{zone.name}}')
    expect(unfilled(fillPlaceholders(text, { ...boris, 'zone.name': ' \n ' }))).toBe('{{zone.name}}')
  })

  test('by a value that is looked at no further', () => {
    const mallory = { 'contact.name': '{{agent.name}} {{order.number|x}}', 'agent.name': 'Anna', 'order.number': '7' }
    const text = fillPlaceholders('Hi {{contact.name}}, {{agent.name}}', mallory)
    expect(text).toBe('Hi ((agent.name)) ((order.number|x)), Anna')
    expect(unfilled(text)).toBeNull()
  })

  test('in one line, whatever somebody has called themselves', () => {
    expect(fillPlaceholders('{{contact.name}}!', { 'contact.name': ' Boris\n\tB.  ' })).toBe('Boris B.!')
  })
})

describe('of any text and any values', () => {
  const fragment = fc.oneof(
    fc.string({ maxLength: 8 }),
    fc.constantFrom('{', '}', '{{', '}}', '|', ' ', 'contact.name', 'order.number'),
    fc.constantFrom(...placeholders).map((name) => `{{${name}}}`),
  )
  const text = fc.array(fragment, { maxLength: 12 }).map((parts) => parts.join(''))
  const facts = fc.record(Object.fromEntries(placeholders.map((name) => [name, fc.option(text)])))

  test('what a template may say is sent without a mark of it, once everything is known', () => {
    const known = fc.record(
      Object.fromEntries(placeholders.map((name) => [name, text.filter((one) => /\S/u.test(one))])),
    )
    fc.assert(
      fc.property(text, known, (template, all) => {
        fc.pre(wrongPlaceholder(template) === null)
        expect(unfilled(fillPlaceholders(template, all))).toBeNull()
      }),
    )
  })

  test('no value makes a placeholder of its own', () => {
    fc.assert(
      fc.property(text, facts, (template, some) => {
        const missing = fillPieces(template, some).filter(({ kind }) => kind === 'missing')
        const filled = fillPieces(template, some).filter(({ kind }) => kind === 'filled')
        for (const { text: value } of filled) expect(value).not.toMatch(/\{\{|\}\}/)
        if (missing.length === 0 && wrongPlaceholder(template) === null)
          expect(unfilled(fillPlaceholders(template, some))).toBeNull()
      }),
    )
  })

  test('the words around the placeholders stay as they are', () => {
    fc.assert(
      fc.property(text, (template) => {
        const pieces = fillPieces(template, {})
        const shown = pieces.filter(({ kind }) => kind !== 'filled').map((piece) => piece.text)
        for (const piece of shown) expect(template).toContain(piece)
      }),
    )
  })

  test('it takes no longer than the text is long', () => {
    const hostile = '{{'.repeat(4000) + '{{contact.name|'.repeat(200) + '}}'.repeat(1000)
    const work = leastWorkMs(() => [wrongPlaceholder(hostile), fillPlaceholders(hostile, boris), unfilled(hostile)])
    expect(work).toBeLessThan(500)
  })
})

describe('what is no placeholder is found on saving', () => {
  test.each([
    ['{{order.sum}}', '{{order.sum}}', ['order.number', 'order.status']],
    ['Hi {{contact.nmae|there}}', '{{contact.nmae|there}}', ['contact.name']],
    ['{{Contact.Name}}', '{{Contact.Name}}', ['contact.name']],
    ['{{weather}}', '{{weather}}', []],
    ['{{}}', '{{}}', []],
    ['{{constructor}}', '{{constructor}}', []],
    ['ok {{contact.name}} {{contact.name}', '{{contact.name}', ['contact.name']],
    ['contact.name}} ok', 'contact.name}}', ['contact.name']],
  ])('%j', (text, written, guesses) => {
    const wrong = wrongPlaceholder(text)
    expect(wrong?.written).toBe(written)
    expect(wrong?.guesses.slice(0, guesses.length)).toEqual(guesses as never)
    if (guesses.length === 0) expect(wrong?.guesses).toEqual([])
  })

  test.each(['', 'words { and } braces', '{{contact.name|there}} {{ order.number }}', '{{{agent.name}}}'])(
    '%j is fine',
    (text) => expect(wrongPlaceholder(text)).toBeNull(),
  )
})
