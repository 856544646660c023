import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { readCells as readSome, writeCells } from '../../src/features/templates/csv-cells.ts'
import { textOf } from '../../src/features/templates/csv-text.ts'
import { Refusal } from '../../src/platform/lib/refuse.ts'
import { leastWorkMs } from '../support/work.ts'

const readCells = (text: string) => readSome(text, 1000)

const whyNot = (work: () => unknown) => {
  try {
    work()
  } catch (error) {
    if (error instanceof Refusal) return [error.code, error.values.why, error.values.line]
    throw error
  }
  return null
}

const separator = fc.constantFrom(',' as const, ';' as const, '\t' as const)
const awkward = fc.constantFrom(
  '=1+1',
  "'=1",
  "''-",
  '@x',
  '\t=',
  '\r',
  '\n',
  '"',
  '""',
  ',',
  ';',
  '+7 900',
  '-10 %',
  '＝1',
)
const cell = fc.array(fc.oneof(fc.string(), awkward), { maxLength: 4 }).map((parts) => parts.join(''))

describe('a table in a file', () => {
  test('comes back exactly, whatever stands in its cells', () => {
    fc.assert(
      fc.property(separator, fc.array(fc.tuple(cell, cell, cell), { maxLength: 6 }), (sign, rows) => {
        const table = [['id', 'name', 'text'], ...rows.map((row) => [...row, 'end'])]
        expect(readCells(writeCells(table, sign)).map(({ cells }) => cells)).toEqual(table)
      }),
      { numRuns: 500 },
    )
  })

  test('has no cell that a spreadsheet would take for a formula', () => {
    fc.assert(
      fc.property(separator, cell, (sign, one) => {
        const quoted = writeCells([[one]], sign).slice(1)
        expect(quoted).toMatch(/^"(?![=+\-@\t\r\n＝＋－＠])/)
      }),
    )
    expect(writeCells([['=HYPERLINK("http://evil.example")', 'x']], ',')).toBe(
      '\ufeff"\'=HYPERLINK(""http://evil.example"")","x"\r\n',
    )
  })

  test.each([
    ['commas', 'name,text\nA,"1, 2"\n', ['A', '1, 2']],
    ['semicolons', 'name;text\nA;"1; 2"\n', ['A', '1; 2']],
    ['semicolons, and commas in the words', 'name;text\nA;1, 2, 3\n', ['A', '1, 2, 3']],
    ['a mark at its beginning', '\ufeff"name","text"\r\n"A","x"\r\n', ['A', 'x']],
    ['the line ends of old Macs', 'name,text\rA,x\r', ['A', 'x']],
    ['no end of its last line', 'name,text\nA,x', ['A', 'x']],
    ['empty lines', 'name,text\n\n,\n  \nA,x\n\n', ['A', 'x']],
  ])('may have %s', (_, text, expected) => expect(readCells(text)[1]?.cells).toEqual(expected))

  test('is read as far as there may be rows, however long it is', () => {
    const read = () => {
      expect(readSome(`name,text\n${'a,b\n'.repeat(200_000)}`, 1000)).toHaveLength(1000)
      expect(readSome(`name,text\n${'\n'.repeat(500_000)}`, 1000)).toHaveLength(1)
      expect(readSome(`name,text\n${','.repeat(500_000)}`, 1000)).toHaveLength(1)
    }
    expect(leastWorkMs(read)).toBeLessThan(3000)
  })

  test('says in which line something begins', () => {
    const rows = readCells('name,text\nA,"one\ntwo\nthree"\nB,x\n')
    expect(rows.map(({ line }) => line)).toEqual([1, 2, 5])
  })

  test('whose quotation marks do not match is refused, with the line', () => {
    expect(whyNot(() => readCells('name,text\nA,"one\n'))).toEqual(['csv_invalid', 'broken', expect.any(Number)])
    expect(whyNot(() => readCells('name,text\nA,o"ne\n'))).toEqual(['csv_invalid', 'broken', 2])
  })
})

const in1251 = (text: string): Uint8Array => {
  const table = new Map(
    Array.from({ length: 256 }, (_, byte) => [new TextDecoder('windows-1251').decode(new Uint8Array([byte])), byte]),
  )
  return new Uint8Array([...text].map((sign) => table.get(sign) ?? 63))
}
const inTable = (name: string, text: string): Uint8Array => {
  const decoder = new TextDecoder(name)
  const table = new Map(Array.from({ length: 256 }, (_, byte) => [decoder.decode(new Uint8Array([byte])), byte]))
  return new Uint8Array([...text].map((sign) => table.get(sign) ?? 63))
}

describe('the letters of a file', () => {
  const words = 'Название;Текст\r\nЗдравствуйте;Добрый день, {{contact.name|друг}}! «Ёлка» — №5\r\n'

  test.each([
    ['UTF-8', new TextEncoder().encode(words)],
    ['UTF-8', new TextEncoder().encode(`\ufeff${words}`)],
    ['Windows-1251', in1251(words)],
    ['UTF-16', new Uint8Array(Buffer.from(`\ufeff${words}`, 'utf16le'))],
  ] as const)('are known as %s', (encoding, bytes) => {
    const found = textOf(bytes)
    expect(found.encoding).toBe(encoding)
    expect(readCells(found.text)[1]?.cells).toEqual(['Здравствуйте', 'Добрый день, {{contact.name|друг}}! «Ёлка» — №5'])
  })

  test.each(['koi8-r', 'ibm866', 'x-mac-cyrillic'])('of %s are refused, not turned into others', (name) => {
    expect(whyNot(() => textOf(inTable(name, words)))).toEqual(['csv_invalid', 'encoding', 0])
  })

  test.each([
    ['windows-1250', 'name,text\nZażółć,gęślą jaźń, cześć i już\n'],
    ['windows-1252', 'name,text\nÉté,À bientôt, où êtes-vous ? Déjà reçu\n'],
  ])('of %s are refused, too', (name, text) => {
    expect(whyNot(() => textOf(inTable(name, text)))).toEqual(['csv_invalid', 'encoding', 0])
  })

  test('of what is no text are refused', () => {
    for (const bytes of [
      [0xff, 0xfe, 0x00, 0xd8],
      [0x50, 0x4b, 0x03, 0x04, 0x00, 0xff],
      [0x61, 0x00, 0x62],
      [0x98, 0xcf, 0xf0],
    ])
      expect(whyNot(() => textOf(new Uint8Array(bytes)))).toEqual(['csv_invalid', 'encoding', 0])
  })

  test('of any Russian text in Windows-1251 come back', () => {
    const word = fc.string({
      unit: fc.constantFrom(...'абвгдежзийклмнопрстуфхцчшщъыьэюяё'),
      minLength: 2,
      maxLength: 12,
    })
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 20 }), (list) => {
        const text = ['Название', ...list.map((one) => `${one.charAt(0).toUpperCase()}${one.slice(1)}`)].join(' ')
        expect(textOf(in1251(text))).toEqual({ text, encoding: 'Windows-1251' })
      }),
    )
  })
})
