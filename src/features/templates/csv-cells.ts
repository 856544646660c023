import { type CsvErrorCode, parse } from 'csv-parse/sync'
import { refuse } from '../../platform/lib/refuse.ts'

/** One row of a table: its cells, and the line of the file in which it begins. */
export type CsvRow = { line: number; cells: string[] }
export type Separator = ',' | ';' | '\t'

// What a spreadsheet would take for a formula (owasp.org/www-community/attacks/CSV_Injection). An apostrophe before it says
// that it is text; one that stands there already gets another, so that reading it gives back what was written.
const formula = /^'*[=+\-@\t\r\n＝＋－＠]/
const defused = /^'+[=+\-@\t\r\n＝＋－＠]/

const written = (cell: string): string => `"${(formula.test(cell) ? `'${cell}` : cell).replaceAll('"', '""')}"`
const read = (cell: string): string => (defused.test(cell) ? cell.slice(1) : cell)

const byteOrderMark = '\ufeff'

/** A table as a file (RFC 4180): every cell quoted, in UTF-8 that spreadsheets know by its mark. */
export const writeCells = (rows: string[][], separator: Separator): string =>
  byteOrderMark + rows.map((row) => `${row.map(written).join(separator)}\r\n`).join('')

/** At most `most` rows of such a file, with a comma, a semicolon or a tab between the cells. Refuses `csv_invalid`. */
export function readCells(text: string, most: number): CsvRow[] {
  let found: { record: string[]; info: { lines: number } }[]
  try {
    found = parse(text, {
      bom: true,
      delimiter: separatorIn(text),
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      skip_empty_lines: true,
      to: most,
      info: true,
    }) as unknown as typeof found
  } catch (error) {
    const { code, lines } = error as { code?: CsvErrorCode; lines?: number }
    if (code === undefined) throw error
    throw refuse('csv_invalid', { why: 'broken', line: lines ?? 1, max: 0 })
  }
  return found
    .map(({ record, info }) => ({ line: info.lines - linesIn(record), cells: record.map(read) }))
    .filter(({ cells }) => cells.some((cell) => cell.trim() !== ''))
}

/** The first line says which: the columns have no such signs in their names. */
function separatorIn(text: string): Separator {
  const [head = ''] = text.split(/[\r\n]/, 1)
  const count = (sign: Separator) => head.split(sign).length
  return ([',', ';', '\t'] as const).toSorted((a, b) => count(b) - count(a))[0] as Separator
}

const linesIn = (cells: string[]): number => cells.join('').match(/\r\n|\r|\n/g)?.length ?? 0
