import { newId } from '../../src/platform/lib/id.ts'

/** What somebody may send where an id belongs. PostgreSQL cannot even be asked for some of it. */
export const nobodys = [
  '',
  'nobody',
  '\0',
  `${newId()}\0`,
  'a\ud800b',
  newId().toUpperCase(),
  'x'.repeat(100_000),
  newId(),
]

/** Texts that a store might give back changed, cut or sorted another way. */
export const texts = [
  'plain',
  ' leading and trailing ',
  'line\nline\r\nline\ttab',
  '"quoted" \'single\' \\ backslash % _ $1 ? :name {}',
  'Привет, żółw, čeština, ﷺ, e\u0301 and é',
  '👩‍👩‍👧 \u{10ffff} \ufeff\u200b\u202e',
  '\u0001\u001f\u007f\u0085\u2028',
  '水'.repeat(8000),
]
