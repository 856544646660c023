/**
 * Visitors who only look: a process that opens sockets, says hello on each as the widget does, and holds them without
 * a word until a line or the end comes on stdin. Prints `ready`, and at the end one JSON line.
 *
 *   bun bench/idle.ts --url http://127.0.0.1:3000 --site ID --sockets 5000 [--first-address 1]
 *
 * They come from many addresses of the loopback range: the server counts sockets by address, and an address has too few
 * ports for all.
 */
import { parseArgs } from 'node:util'
import { connectVisitor, type Visitor } from './support/visitor.ts'

export type IdleResult = { opened: number; closed: number }

const text = { type: 'string' } as const
const { values } = parseArgs({ options: { url: text, site: text, sockets: text, 'first-address': text } })
const url = values.url ?? 'http://127.0.0.1:3000'
if (!['127.0.0.1', 'localhost'].includes(new URL(url).hostname)) throw new Error('loopback only')
const wanted = Math.min(100_000, Number(values.sockets ?? 1_000))
const firstAddress = Number(values['first-address'] ?? 1)
const socketsOfAddress = 1_000
const atOnce = 32

const address = (index: number): string =>
  `127.0.0.${1 + ((firstAddress + Math.floor(index / socketsOfAddress)) % 250)}`

const visitors: Visitor[] = []
let closed = 0
for (let index = 0; index < wanted; index += atOnce) {
  const group = Array.from({ length: Math.min(atOnce, wanted - index) }, (_, offset) =>
    connectVisitor(
      url,
      values.site ?? '',
      {
        frame: () => undefined,
        close: () => {
          closed += 1
        },
      },
      address(index + offset),
    ),
  )
  visitors.push(...(await Promise.all(group)))
}
process.stdout.write('ready\n')
for await (const _ of console) break
process.stdout.write(`${JSON.stringify({ opened: visitors.length, closed } satisfies IdleResult)}\n`)
process.exit(0)
