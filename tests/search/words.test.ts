import { describe, expect, test } from 'bun:test'
import { piecesAround, wantedBy } from '../../src/platform/lib/words/query.ts'
import { stemsIn } from '../../src/platform/lib/words/stems.ts'
import { leastWorkMs } from '../support/work.ts'

/** Whether a text is found by a query, as both stores decide it. */
function finds(query: string, text: string): boolean {
  const stems = [...stemsIn(text)]
  const wanted = wantedBy(query)
  return (
    wanted.length > 0 &&
    wanted.every(
      (one) =>
        one.stems.some((stem) => stems.includes(stem)) ||
        (one.beginning !== null && stems.some((stem) => stem.startsWith(one.beginning ?? ''))),
    )
  )
}

const forms = {
  ru: [
    ['доставка', 'доставки', 'доставке', 'доставку', 'доставкой', 'доставок', 'доставкам', 'доставками', 'доставках'],
    ['вода', 'воды', 'воде', 'воду', 'водой'],
    ['бутылка', 'бутылки', 'бутылке', 'бутылку', 'бутылкой', 'бутылок', 'бутылкам', 'бутылками', 'бутылках'],
    ['заказ', 'заказа', 'заказу', 'заказом', 'заказе', 'заказы', 'заказов', 'заказами', 'заказала', 'заказали'],
    ['курьер', 'курьера', 'курьеру', 'курьером', 'курьеры', 'курьеров'],
    ['пустая', 'пустые', 'пустых', 'пустую', 'пустой', 'пустыми'],
    ['бутыль', 'бутыли', 'бутылей', 'бутылями', 'бутылью'],
    ['зона', 'зоны', 'зону', 'зоной', 'зон', 'зонах'],
    ['адрес', 'адреса', 'адресу', 'адресом', 'адресов'],
    ['ёлка', 'елки', 'елку', 'ёлок'],
    ['звонок', 'звонки', 'звонка', 'звонков'],
  ],
  pl: [
    ['dostawa', 'dostawy', 'dostawie', 'dostawę', 'dostawą', 'dostaw', 'dostawom', 'dostawami', 'dostawach'],
    ['woda', 'wody', 'wodzie', 'wodę', 'wodą'],
    ['butelka', 'butelki', 'butelce', 'butelkę', 'butelką', 'butelek', 'butelkami'],
    ['zamówienie', 'zamówienia', 'zamówieniu', 'zamówieniem', 'zamówień', 'zamówieniami', 'zamowienie'],
    ['kurier', 'kuriera', 'kurierowi', 'kurierem', 'kurierze', 'kurierzy', 'kurierów'],
    ['pusty', 'pusta', 'puste', 'pustych', 'pustej', 'pustymi'],
  ],
  en: [
    ['delivery', 'deliveries'],
    ['bottle', 'bottles'],
    ['order', 'orders', 'ordered', 'ordering'],
  ],
  fr: [
    ['livraison', 'livraisons'],
    ['commande', 'commandes'],
    ['bouteille', 'bouteilles'],
    ['livré', 'livrée', 'livrées', 'livrer'],
  ],
}

describe.each(Object.entries(forms))('in %s', (_language, words) => {
  test.each(words.map((one) => [one[0] ?? '', one] as const))('every form of “%s” finds every other', (_word, all) => {
    const missed = all.flatMap((query) =>
      all.filter((text) => !finds(`${query} `, `${text}, 2!`)).map((text) => `${query} → ${text}`),
    )
    expect(missed).toEqual([])
  })
})

test.each([
  ['ёлка', 'Где ЕЛКА?'],
  ['ЕЛКА', 'где ёлка'],
  ['да', 'Да.'],
  ['ok', 'OK, thanks'],
  ['19', 'Вода 19 л'],
  ['48213', 'Заказ №48213 не пришёл'],
  ['916 123-45-67', 'мой номер +7 (916) 123-45-67'],
  ['+7 916 123 45 67', 'звоните 8-916-123-45-67 или +7 916 123-45-67'],
  ['zolc', 'Żółć'],
  ['достав', 'привезите доставку'],
  ['доставка вод', 'Когда доставка воды?'],
  ['boris@mail.example', 'пишите на boris@mail.example'],
  ['', 'nothing', false],
  ['   ', 'nothing', false],
  ['"* OR', 'nothing', false],
  ['доставка воды', 'Когда доставка?', false],
  ['достав ', 'привезите доставку', false],
  ['кот', 'который час'],
  ['кот ', 'который час', false],
] as [string, string, boolean?][])('%j looked for in %j', (query, text, found = true) => {
  expect(finds(query, text)).toBe(found)
})

test('whatever is typed becomes words of letters and digits alone', () => {
  const hostile = `a" OR "b* NEAR(c d) {x}: ^y -z' & | ! :* <-> \u0000 \ud800 ( ) "" * ${'я'.repeat(300)}`
  for (const { stems, beginning } of [hostile, ...hostile].flatMap(wantedBy))
    for (const word of [...stems, beginning ?? 'a']) expect(word).toMatch(/^[\p{L}\p{N}]{1,40}$/u)
})

test('a word that is cut ends with a whole letter: half of one is a text that PostgreSQL does not take', () => {
  for (const word of [
    `a${'𠀀'.repeat(30)}`,
    `я${'𠀀'.repeat(30)}`,
    `a${'𠀀'.repeat(200)}`,
    `${'a\u0301'.repeat(99)}a𠀀𠀀`,
  ]) {
    const stems = [...stemsIn(word)]
    expect(stems).not.toEqual([])
    for (const stem of stems) expect(stem.isWellFormed()).toBe(true)
    expect(finds(word, word)).toBe(true)
  }
})

test('a word that is longer than anybody types costs what a word costs', () => {
  // Another one each time: it must not be cheap because it is remembered.
  expect(leastWorkMs((time) => stemsIn('y'.repeat(8000 - time)))).toBeLessThan(15)
})

test('the hit is marked in its form, with what stands around it, and nothing of the text is lost or made up', () => {
  const text = `Здравствуйте. ${'Вода кончилась вчера вечером. '.repeat(5)}Когда будет Доставку, ждём доставки к обеду.`
  const pieces = piecesAround(text, wantedBy('доставка'))
  expect(pieces.filter(({ hit }) => hit).map((piece) => piece.text)).toEqual(['Доставку', 'доставки'])
  const shown = pieces
    .map((piece) => piece.text)
    .join('')
    .replaceAll('… ', '')
  expect(text).toContain(shown)
  expect(shown.length).toBeLessThan(240)
  expect(piecesAround('<b>вода</b>', wantedBy('вода'))).toEqual([
    { text: '<b>', hit: false },
    { text: 'вода', hit: true },
    { text: '</b>', hit: false },
  ])
})
