import { crc32, deflateSync } from 'node:zlib'

/** A PNG of one colour; `data` in place of what its pixels would be makes a liar of it. */
export function png(width: number, height: number, data?: Uint8Array): Buffer {
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head.set([8, 2], 8)
  const pixels = data ?? deflateSync(Buffer.alloc((width * 3 + 1) * height))
  const parts = [chunk('IHDR', head), chunk('IDAT', Buffer.from(pixels)), chunk('IEND', Buffer.alloc(0))]
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), ...parts])
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data])
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  sum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, sum])
}
