import { refuse } from '../../platform/lib/refuse.ts'

export type Encoding = 'UTF-8' | 'UTF-16' | 'Windows-1251'

/**
 * The text of a file that came out of a spreadsheet: UTF-8 with or without its mark, UTF-16 with one, or the Windows-1251 of
 * Russian ones, which has no mark and is known by its letters. Refuses `csv_invalid` for anything else.
 */
export function textOf(bytes: Uint8Array): { text: string; encoding: Encoding } {
  const [first, second] = bytes
  if (first === 0xff && second === 0xfe) return { text: decode(bytes, 'utf-16le'), encoding: 'UTF-16' }
  if (first === 0xfe && second === 0xff) return { text: decode(bytes, 'utf-16be'), encoding: 'UTF-16' }
  try {
    return { text: decode(bytes, 'utf-8'), encoding: 'UTF-8' }
  } catch {
    const text = decode(bytes, 'windows-1251')
    if (!isRussian(text)) throw unreadable()
    return { text, encoding: 'Windows-1251' }
  }
}

const unreadable = () => refuse('csv_invalid', { why: 'encoding', line: 0, max: 0 })

function decode(bytes: Uint8Array, encoding: string): string {
  let text: string
  try {
    text = new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch {
    throw unreadable()
  }
  if (text.includes('\0') || text.includes('\x98')) throw unreadable()
  return text
}

const letter = /[а-яёіїєґўА-ЯЁІЇЄҐЎ]/g

/**
 * Whether a text that may have been decoded by the wrong table reads as one in Cyrillic: nearly all that is not ASCII are
 * its letters or marks, no word mixes both alphabets, and capitals stand where capitals do. (KOI8-R, DOS and Polish files
 * decode without an error, into nonsense.)
 */
function isRussian(text: string): boolean {
  const letters = text.match(letter)?.length ?? 0
  const strange = text.match(/[^\x00-\x7fа-яёіїєґўА-ЯЁІЇЄҐЎ«»„“”‚‘’–—•…№°±§©®€₴\xa0\xad]/g)?.length ?? 0
  const mixed = text.match(/[a-z][а-яё]|[а-яё][a-z]/gi)?.length ?? 0
  const turned = text.match(/[а-яё][А-ЯЁ]/g)?.length ?? 0
  // Of Serbian and Macedonian, which save in another table: here they are capitals of a Macintosh.
  if (/[ЂЃѓЉЊЌЋЏђљњќћџЈјЅѕ‡†]/.test(text)) return false
  return letters > 0 && [strange, mixed, turned].every((faults) => faults <= letters * 0.05)
}
