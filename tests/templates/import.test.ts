import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { createSite, type SiteRow } from '../../src/features/sites/index.ts'
import {
  createTemplate,
  exportTemplates,
  importTemplates,
  listTemplates,
  planImport,
  readTemplatesFile,
  removeTemplate,
  type TemplateRow,
} from '../../src/features/templates/index.ts'
import { write } from '../../src/platform/db/write.ts'
import { newId } from '../../src/platform/lib/id.ts'
import { formatPosition } from '../../views/templates/position.ts'
import { wrongPlaceholder } from '../../views/templates/placeholders.ts'
import { hire } from '../support/cast.ts'
import { openHouse, type TestHouse } from '../support/house.ts'
import { refusalOf } from '../support/refusal.ts'

let house: TestHouse
let clara: { agentId: string; role: 'admin' }
let other: SiteRow

beforeAll(async () => {
  house = await openHouse()
  const { agentId } = await hire('Clara', 'admin')
  clara = { agentId, role: 'admin' }
  other = await write((tx) => createSite(tx, { name: 'Other | shop' }))
})
afterAll(() => house.close())
beforeEach(clear)

async function clear(): Promise<void> {
  for (const { id } of await listTemplates()) await removeTemplate(clara, id, true)
}

const bytesOf = (text: string) => new TextEncoder().encode(text)
const takeIn = async (text: string) => {
  const { rows, errors } = await readTemplatesFile(bytesOf(text))
  const planned = (await planImport(rows)).map(({ outcome }) => outcome)
  const outcomes = await importTemplates(clara, rows)
  expect(outcomes).toEqual(planned)
  return { outcomes, errors: errors.map(({ line, refusal }) => `${line} ${refusal.code}`) }
}
const inList = async () => (await listTemplates()).map(({ name, position }) => `${formatPosition(position)} ${name}`)
const words = ({ changedAt: _, createdAt: __, ...row }: TemplateRow) => row

describe('a file of templates', () => {
  test('comes back exactly, whatever stands in them: into the same house nothing changes, into another all is as it was', async () => {
    const text = fc.string({ maxLength: 60, unit: 'grapheme' }).map((one) => `${one}.`)
    const line = fc.string({ maxLength: 30 })
    const awkward = fc.constantFrom('=1+1', "'=x", '-10 %', '@me', ' "a", \n;b ', '+7 (900)', '‘', 'Ёлка — «№5»')
    const template = fc.record({
      name: fc.oneof(line, awkward),
      text: fc.oneof(text, awkward),
      position: fc.integer({ min: 0, max: 9_999_999 }).map((one) => formatPosition(one)),
      visible: fc.boolean(),
      shortcut: fc.option(fc.string({ unit: fc.constantFrom(...'abcжё#/-=1'), maxLength: 8 })),
      locale: fc.constantFrom(null, 'ru', 'en'),
      siteIds: fc.constantFrom(null, [house.site.id], [other.id], [house.site.id, other.id]),
    })
    const known = (one: { text: string; name: string }) =>
      wrongPlaceholder(one.text) === null && /\S/.test(one.name) && !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(one.name.trim())
    const lists = fc.array(template.filter(known), { minLength: 1, maxLength: 6 })
    const separators = fc.constantFrom(',' as const, ';' as const, '\t' as const)
    await fc.assert(
      fc.asyncProperty(lists, separators, async (list, separator) => {
        await clear()
        for (const one of list) await createTemplate(clara, one)
        const before = await listTemplates()
        const file = await exportTemplates(separator)
        expect((await takeIn(file)).outcomes).toEqual(before.map(() => 'same'))
        expect(await listTemplates()).toEqual(before)
        await clear()
        expect(await takeIn(file)).toEqual({ outcomes: before.map(() => 'new'), errors: [] })
        expect((await listTemplates()).map(words)).toEqual(before.map(words))
      }),
      { numRuns: 25 },
    )
  }, 180_000)

  test('made by hand, in one’s own words, makes new templates behind the others, and the second time none', async () => {
    await createTemplate(clara, { name: 'First', text: 'x', position: '1' })
    const file =
      'Название подсказки;Текст подсказки;Последовательность;Видимость;Сайты\nПривет;Добрый день!;1,5;да;\nПока;До свидания;;нет;Water\n'
    expect(await takeIn(file)).toEqual({ outcomes: ['new', 'new'], errors: [] })
    expect(await inList()).toEqual(['1 First', '1.5 Привет', '2 Пока'])
    expect((await listTemplates())[2]).toMatchObject({ visible: false, siteIds: [house.site.id], locale: null })
    expect(await takeIn(file)).toEqual({ outcomes: ['same', 'same'], errors: [] })
  })

  test('without an id changes the one of the same name, as far as the file says', async () => {
    await createTemplate(clara, { name: 'Hello', text: 'Old.', position: '3', shortcut: 'hi', visible: false })
    expect(await takeIn('name,text\nHello,New.\n')).toEqual({ outcomes: ['changed'], errors: [] })
    expect(await listTemplates()).toMatchObject([{ text: 'New.', position: 3_000_000, shortcut: 'hi', visible: false }])
  })

  test('of a name that two templates have makes a third: nobody could say which is meant', async () => {
    for (const text of ['One.', 'Two.']) await createTemplate(clara, { name: 'Hello', text })
    expect((await takeIn('name,text\nHello,Three.\n')).outcomes).toEqual(['new'])
    expect((await listTemplates()).map(({ text }) => text)).toEqual(['One.', 'Two.', 'Three.'])
  })

  test('tells what is wrong, line by line, and takes in the rest', async () => {
    const file = [
      'id,name,text,position,visible,sites,shortcut,language',
      ',Good,"one\ntwo",1,yes,,,',
      ',,x,,,,,',
      ',Bad,Hi {{order.sum}},,,,,',
      ',Bad,x,first,,,,',
      ',Maybe,x,,maybe,,,',
      ',Where,x,,,Nowhere,,',
      'not-an-id,Who,x,,,,,',
      ',Long,x,,,,two words,',
      ',Tongue,x,,,,,klingon',
      ',Twice,x,,,,,',
      ',Twice,y,,,,,',
      `,Here,x,,,Water | ${other.id},,en`,
    ].join('\r\n')
    expect(await takeIn(file)).toEqual({
      outcomes: ['new', 'new'],
      errors: [
        '4 name_missing',
        '5 placeholder_unknown',
        '6 position_invalid',
        '7 csv_cell',
        '8 csv_cell',
        '9 csv_cell',
        '10 shortcut_invalid',
        '11 language_unknown',
        '12 csv_twice',
        '13 csv_twice',
      ],
    })
    expect((await listTemplates())[1]?.siteIds).toEqual([house.site.id, other.id].toSorted())
  })

  test.each([
    ['without names of its columns', 'Hello,Good day\n', 'header'],
    ['with names alone', 'name,text\n', 'empty'],
    ['of too many lines', `name,text\n${'a,b\n'.repeat(1001)}`, 'large'],
    ['that is none', 'PK\u0003\u0004', 'header'],
  ])('%s is refused', async (_, text, why) => {
    const refused = await readTemplatesFile(bytesOf(text)).catch((error: unknown) => error)
    expect(refused).toMatchObject({ code: 'csv_invalid', values: { why } })
  })

  test('is taken in by admins alone, and no more of it than there is room for', async () => {
    const { rows } = await readTemplatesFile(bytesOf('name,text\nHello,x\n'))
    expect(await refusalOf(importTemplates({ ...clara, role: 'agent' as never }, rows))).toBe('forbidden')
    const many = Array.from({ length: 1001 }, (_, n) => ({ line: n, id: newId(), values: { name: `${n}`, text: 'x' } }))
    expect(await refusalOf(importTemplates(clara, many))).toBe('templates_full')
    expect(await listTemplates()).toEqual([])
  })
})
