/**
 * Where something stands in a list: a decimal of at most six places, kept in millionths as a whole number, so that 0.1 is
 * 0.1. Written with a comma and with a point it is the same.
 */
const one = 1_000_000
export const highestPosition = 999_999 * one

const shape = /^(?<whole>\d{0,6})(?:[.,](?<places>\d{0,6}))?$/

/** Reads what a person wrote, in millionths; null for what is no position: `1`, `1.5`, `1,5`, `.5`, up to 999999. */
export function parsePosition(written: string): number | null {
  const { whole = '', places = '' } = shape.exec(written.trim())?.groups ?? {}
  if (whole + places === '') return null
  const position = Number(whole) * one + Number(places.padEnd(6, '0'))
  return position > highestPosition ? null : position
}

/** As people write it: `1.5`, or `1,5` where `sign` is a comma. */
export function formatPosition(position: number, sign: '.' | ',' = '.'): string {
  const places = `${position % one}`.padStart(6, '0').replace(/0{1,6}$/, '')
  return `${Math.floor(position / one)}${places === '' ? '' : sign + places}`
}

/** The sign before the places, as a language writes it. */
export const signOf = (locale: string): '.' | ',' => (locale === 'en' ? '.' : ',')

/**
 * The new positions, by their place, of a list whose positions were `positions` (in order, equal ones allowed) before the
 * one at `moved` came to stand there. It goes between its neighbours, in as few places after the point as there is room
 * for; where there is none, as few neighbours as need be are spread out with it.
 */
export function placeBetween(positions: number[], moved: number): Map<number, number> {
  let from = moved
  let to = moved
  const last = positions.length - 1
  for (;;) {
    const found = between(from === 0 ? 0 : positions[from - 1], positions[to + 1], to - from + 1)
    if (found) return new Map(found.map((position, place) => [from + place, position]))
    // Those behind give way first: what stands in front is what people have numbered with care.
    if (to < last) to++
    else from--
  }
}

/** So many positions, in order, past `before` and short of `after` (undefined: nothing follows); null when they find no room. */
function between(before = 0, after: number | undefined, count: number): number[] | null {
  const places = Array.from({ length: count }, (_, place) => place + 1)
  const next = Math.floor(before / one)
  if (after === undefined && (next + count) * one <= highestPosition) return places.map((place) => (next + place) * one)
  const room = (after ?? highestPosition + 1) - before
  if (room <= count) return null
  let unit = 1
  while (unit * 10 * (count + 1) <= room) unit *= 10
  const whole = (position: number) => Math.floor(position / unit) * unit
  return places.map((place) => whole(before + Math.floor((room * place) / (count + 1))))
}
