/** What `npm run bench` measures. A scene is one load, run against our server and the bare limit in every round. */
import type { LoadResult } from './load.ts'
import type { LoadOptions } from './support/servers.ts'

export type Figure = {
  name: string
  unit: string
  of(result: LoadResult): number
  /** The ratio ours / bare limit that is to be reached. */
  target?: { atLeast: number } | { atMost: number }
}

export type Scene = { name: string; load: LoadOptions; figures: Figure[] }

const cpuPerMessage = (result: LoadResult): number => result.server?.cpuUsPerMessage ?? Number.NaN

export const scenes: Scene[] = [
  {
    name: '64 senders, closed loop',
    load: { senders: 64, warmup: 1.5, seconds: 4 },
    figures: [
      {
        name: 'acknowledged/s, 64 senders',
        unit: '/s',
        of: (result) => result.ackedPerSecond,
        target: { atLeast: 0.7 },
      },
      { name: 'ack p50, 64 senders', unit: 'ms', of: (result) => result.latencyMs.p50 },
      { name: 'server CPU per message, 64 senders', unit: 'us', of: cpuPerMessage },
      { name: 'server memory after 64 senders', unit: 'MiB', of: (result) => result.server?.memoryMiB ?? Number.NaN },
    ],
  },
  {
    name: '500 messages/s, open loop',
    load: { senders: 64, rate: 500, warmup: 1.5, seconds: 5 },
    figures: [
      { name: 'ack p50, 500 msg/s', unit: 'ms', of: (result) => result.latencyMs.p50, target: { atMost: 1.5 } },
      { name: 'ack p95, 500 msg/s', unit: 'ms', of: (result) => result.latencyMs.p95 },
      { name: 'ack p99, 500 msg/s', unit: 'ms', of: (result) => result.latencyMs.p99 },
      { name: 'server CPU per message, 500 msg/s', unit: 'us', of: cpuPerMessage },
    ],
  },
]
