import { expect, test } from 'bun:test'
import { parse, type Token } from '@messageformat/parser'
import { Glob } from 'bun'
import { catalogues, type Namespace } from '../src/catalogues/catalogues.ts'
import { parsePattern } from '../src/catalogues/parse.ts'
import { fill } from '../src/catalogues/pattern.ts'
import { chooseLocale, direction, type Locale, locales, translator } from '../src/platform/lib/i18n.ts'
import { refusals } from '../src/platform/lib/refuse.ts'
import { findText } from './support/find-text.ts'
import { widgetKeys, widgetTranslator } from './support/widget-words.ts'

const namespaces = Object.keys(catalogues.en) as Namespace[]
const messages = (locale: Locale, namespace: Namespace): Record<string, string> => catalogues[locale][namespace]
const everyMessage = locales.flatMap((locale) =>
  namespaces.flatMap((namespace) =>
    Object.entries(messages(locale, namespace)).map(([key, message]) => ({ locale, namespace, key, message })),
  ),
)

for (const locale of locales.slice(1)) {
  test(`${locale} has every key of English and no other`, () => {
    for (const namespace of namespaces) {
      expect({ namespace, keys: Object.keys(messages(locale, namespace)).toSorted() }).toEqual({
        namespace,
        keys: Object.keys(messages('en', namespace)).toSorted(),
      })
    }
  })
}

test('every message is ICU MessageFormat that its locale can say, and is not empty', () => {
  expect(everyMessage.length).toBeGreaterThan(400)
  for (const { locale, namespace, key, message } of everyMessage) {
    expect(() => parsePattern(message, locale), `${locale} ${namespace}.${key}`).not.toThrow()
    expect(message.trim(), `${locale} ${namespace}.${key}`).not.toBe('')
  }
})

test('a message takes the same values in every locale', () => {
  for (const { locale, namespace, key, message } of everyMessage) {
    const english = messages('en', namespace)[key] ?? ''
    expect({ locale, key, takes: placeholders(message) }).toEqual({ locale, key, takes: placeholders(english) })
  }
})

test('plurals have every form that their language counts with', () => {
  const needed = (locale: Locale) => new Intl.PluralRules(locale).resolvedOptions().pluralCategories
  expect(needed('ru')).toEqual(expect.arrayContaining(['one', 'few', 'many']))
  expect(needed('pl')).toEqual(expect.arrayContaining(['one', 'few', 'many']))
  // French counts whole numbers below a million by "one" and "other" alone.
  const forms = (locale: Locale) => needed(locale).filter((form) => locale !== 'fr' || form !== 'many')
  let plurals = 0
  for (const { locale, namespace, key, message } of everyMessage) {
    for (const cases of pluralsIn(parse(message))) {
      plurals += 1
      expect(cases, `${locale} ${namespace}.${key}`).toEqual(expect.arrayContaining(forms(locale)))
    }
  }
  expect(plurals).toBeGreaterThan(0)
})

test('every refusal has a sentence, and no sentence lost its refusal', () => {
  expect(Object.keys(catalogues.en.refusals).toSorted()).toEqual(Object.keys(refusals).toSorted())
})

test('no view and no script for browsers holds text', async () => {
  const found: string[] = []
  let files = 0
  for (const room of ['views', 'src/browser']) {
    for await (const name of new Glob('**/*.{ts,tsx}').scan(room)) {
      files += 1
      found.push(...findText(name, await Bun.file(`${room}/${name}`).text()).map((line) => `${room}/${name}:${line}`))
    }
  }
  expect(files).toBeGreaterThan(10)
  expect(found).toEqual([])
})

test.each([
  ['<p>Hello</p>'],
  ["<p>{'Hello'}</p>"],
  ["<p>{sent ? 'Sent' : t('console.x')}</p>"],
  ['<p>{`Hello ${name}`}</p>'],
  ['<button aria-label="Close" />'],
  ["<input placeholder={busy && 'Wait'} />"],
  ["label.textContent = 'Close'"],
  ["button.setAttribute('aria-label', 'Close')"],
])('the search for text finds it in %s', (source) => {
  expect(findText('view.tsx', source)).toHaveLength(1)
})

test.each([
  ['<p class="note">{t(\'console.finish\')} · 5</p>'],
  ["<p>{state === 'waiting' && <b>{name}</b>}</p>"],
  ["label.textContent = say('retry')"],
])('the search for text passes over %s', (source) => {
  expect(findText('view.tsx', source)).toEqual([])
})

test('plurals, offsets, exact counts and selections are filled in as ICU says', () => {
  const say = (message: string, locale: Locale, values: Record<string, string | number>) =>
    fill(parsePattern(message, locale), locale, values)
  const pieces = '{n, plural, one {# бутыль} few {# бутыли} many {# бутылей} other {# бутыли}}'
  expect([1, 3, 5, 21, 1.5].map((n) => say(pieces, 'ru', { n }))).toEqual([
    '1 бутыль',
    '3 бутыли',
    '5 бутылей',
    '21 бутыль',
    '1,5 бутыли',
  ])
  const others = '{n, plural, offset:1 =0 {nobody} =1 {you} one {you and # other} other {you and # others}}'
  expect([0, 1, 2, 3].map((n) => say(others, 'en', { n }))).toEqual([
    'nobody',
    'you',
    'you and 1 other',
    'you and 2 others',
  ])
  expect(say('{role, select, owner {Owner} other {Agent {name}}}', 'en', { role: 'x', name: 'Anna' })).toBe(
    'Agent Anna',
  )
  expect(say('{n, selectordinal, one {#st} two {#nd} few {#rd} other {#th}}', 'en', { n: 22 })).toBe('22nd')
  expect(say("it's {name} '{quoted}'", 'en', { name: '{x}' })).toBe("it's {x} {quoted}")
})

test('the widget, which carries no parser, says what the server says', () => {
  const carried = everyMessage.filter(({ namespace, key }) => namespace === 'widget' && widgetKeys.includes(key))
  expect(carried.length).toBeGreaterThan(300)
  for (const { locale, key } of carried) {
    const values = Object.fromEntries(placeholders(messages('en', 'widget')[key] ?? '').map((name) => [name, 3]))
    const onServer = translator(locale)(`widget.${key}` as never, values)
    expect(widgetTranslator(locale)(key as never, values)).toBe(onServer)
  }
})

test('a person is spoken to in the best language that both know', () => {
  expect(chooseLocale('de, fr-CA;q=0.5, ru;q=0.9')).toBe('ru')
  expect(chooseLocale('fr-CA')).toBe('fr')
  expect(chooseLocale('ru;q=0, pl;q=0.1')).toBe('pl')
  expect(chooseLocale('de')).toBe('en')
  expect(chooseLocale(null)).toBe('en')
  expect(chooseLocale('ru', 'pl')).toBe('pl')
  expect(chooseLocale(`${'x,'.repeat(100_000)}ru`)).toBe('en')
  expect([direction('ru'), direction('ar'), direction('he-IL'), direction('arn')]).toEqual(['ltr', 'rtl', 'rtl', 'ltr'])
})

function placeholders(message: string): string[] {
  const names = new Set<string>()
  eachToken(parse(message), (token) => 'arg' in token && names.add(token.arg))
  return [...names].toSorted()
}

function pluralsIn(tokens: Token[]): string[][] {
  const found: string[][] = []
  eachToken(tokens, (token) => token.type === 'plural' && found.push(token.cases.map(({ key }) => key)))
  return found
}

function eachToken(tokens: Token[], visit: (token: Token) => unknown): void {
  for (const token of tokens) {
    visit(token)
    if ('cases' in token) for (const { tokens: inner } of token.cases) eachToken(inner, visit)
  }
}
