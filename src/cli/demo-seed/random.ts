/** A stream of chance that is the same for the same seed, on every machine. */
export type Random = {
  /** From 0 up to, not including, 1. */
  next(): number
  /** A whole number from 0 to `below - 1`. */
  below(below: number): number
  /** A whole number from `least` to `most`. */
  from(least: number, most: number): number
  chance(probability: number): boolean
  pick<T>(list: readonly T[]): T
  /** Around 0, two thirds of them between -1 and 1. */
  normal(): number
  /** A UUIDv7 of that moment (UTC ms). */
  id(at: number): string
  /** A sender's key for a message: keys that follow each other in time stand together in an index. */
  clientId(at: number): string
}

export function randomOf(...seed: (string | number)[]): Random {
  const draw = sfc32(seed.join('/'))
  const next = () => draw() / 2 ** 32
  const below = (limit: number) => Math.floor(next() * limit)
  return {
    next,
    below,
    from: (least, most) => least + below(most - least + 1),
    chance: (probability) => next() < probability,
    pick: <T>(list: readonly T[]) => list[below(list.length)] as T,
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    id: (at) => dashed(uuidBytes(at, draw).toString('hex')),
    clientId: (at) => uuidBytes(at, draw).toString('base64url'),
  }
}

/** Chris Doty-Humphrey's small fast counting generator, 32 bits at a time, begun with four hashes of the text. */
function sfc32(text: string): () => number {
  let [a, b, c, d] = [hash(text, 1), hash(text, 2), hash(text, 3), 1]
  const draw = () => {
    const sum = (a + b + d) | 0
    d = (d + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + sum
    return sum >>> 0
  }
  for (let warm = 0; warm < 12; warm++) draw()
  return draw
}

/** MurmurHash3's way of mixing, over UTF-16 units. */
function hash(text: string, seed: number): number {
  let mixed = seed * 0x9e3779b1
  for (let at = 0; at < text.length; at++) mixed = Math.imul(mixed ^ text.charCodeAt(at), 0x85ebca6b) ^ (mixed >>> 13)
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0xc2b2ae35)
  return mixed ^ (mixed >>> 16)
}

function uuidBytes(at: number, draw: () => number): Buffer {
  const bytes = Buffer.allocUnsafe(16)
  bytes.writeUIntBE(Math.trunc(at), 0, 6)
  bytes.writeUInt16BE(0x7000 | (draw() >>> 20), 6)
  bytes.writeUInt32BE((0x80000000 | (draw() >>> 2)) >>> 0, 8)
  bytes.writeUInt32BE(draw(), 12)
  return bytes
}

const dashed = (hex: string): string =>
  `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
