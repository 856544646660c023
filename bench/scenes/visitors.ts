/** Visitors who send: the same load on our server and on the bare limit, turn by turn. */
import type { LoadResult } from '../load.ts'
import { type Figure, type Round, type Run, type Scene, scene, type Size } from '../scene.ts'
import { load, type LoadOptions, type Server, startLimit, startOurs } from '../support/servers.ts'

export type Stage = { ours: Server; limit: Server; end(): Promise<void> }

/** Both servers, or neither. */
export async function bothServers(
  ours: () => Promise<Server> = startOurs,
  limit: () => Promise<Server> = startLimit,
): Promise<Stage> {
  const first = await ours()
  try {
    const second = await limit()
    return { ours: first, limit: second, end: async () => void (await Promise.all([first.stop(), second.stop()])) }
  } catch (error) {
    await first.stop()
    throw error
  }
}

type Read = (result: LoadResult) => number

/** A scene whose every figure is read from the result of one load. */
export function loadScene<Key extends string>(
  name: string,
  options: { load: Record<Size, LoadOptions>; stage?: () => Promise<Stage> },
  figures: Record<Key, Figure & { of: Read }>,
): Scene {
  const keys = Object.keys(figures) as Key[]
  return scene<Key>({
    name,
    figures,
    async *play(run) {
      const stage = await (options.stage ?? bothServers)()
      try {
        // A server at work has been at work for a while: what the first messages cost it is nobody's figure.
        for (const server of [stage.ours, stage.limit])
          await load(server, { senders: 16, warmup: 0, seconds: run.of({ full: 3, quick: 0.5, smoke: 0.1 }) })
        for (let number = 0; ; number++) yield await playRound(stage, number)
      } finally {
        await stage.end()
      }

      async function playRound({ ours, limit }: Stage, number: number): Promise<Round<Key>> {
        const results = await inTurn(run, number, [ours, limit], (server) => load(server, run.of(options.load)))
        const pairs = keys.map((key) => [key, pairOf(results, figures[key].of)])
        return {
          pairs: Object.fromEntries(pairs) as Round<Key>['pairs'],
          othersCpuShare: Math.max(...results.map((result) => result.othersCpuShare)),
          troubles: [...troublesOf('ours', results[0]), ...troublesOf('bare limit', results[1])],
          raw: { ours: results[0], limit: results[1] },
        }
      }
    },
  })
}

/** Measures two after one another; who goes first changes with every round: neither always meets the warmer machine. */
export async function inTurn<T, R>(run: Run, round: number, [ours, other]: [T, T], measure: (one: T) => Promise<R>) {
  await run.calm()
  const oursFirst = round % 2 === 0
  const first = await measure(oursFirst ? ours : other)
  const second = await measure(oursFirst ? other : ours)
  return (oursFirst ? [first, second] : [second, first]) as [ours: R, other: R]
}

const pairOf = ([ours, limit]: [LoadResult, LoadResult], of: Read) => ({ ours: of(ours), other: of(limit) })

export function troublesOf(who: string, result: LoadResult): string[] {
  const { refused, unanswered, closed } = result
  const lost = `${who}: ${refused} refused, ${unanswered} unanswered, ${closed} sockets closed`
  const full = result.mode === 'closed' && result.generatorCpuShare > 0.9
  return [
    ...(refused + unanswered + closed > 0 ? [lost] : []),
    ...(full ? [`${who}: the load generator was the bottleneck`] : []),
  ]
}

export const cpuPerMessage: Read = (result) => result.server?.cpuUsPerMessage ?? Number.NaN
const against = 'bare limit'

export const closedLoop = (senders: number): Record<Size, LoadOptions> => ({
  full: { senders, warmup: 1.5, seconds: 5 },
  quick: { senders, warmup: 0.5, seconds: 1.5 },
  smoke: { senders: 4, warmup: 0.1, seconds: 2 },
})

export const openLoop: Record<Size, LoadOptions> = {
  full: { senders: 64, rate: 500, warmup: 1.5, seconds: 10 },
  quick: { senders: 64, rate: 500, warmup: 0.5, seconds: 2 },
  smoke: { senders: 4, rate: 100, warmup: 0.1, seconds: 2 },
}

const sendersScene = (senders: number): Scene =>
  loadScene(
    `senders-${senders}`,
    { load: closedLoop(senders) },
    {
      acked: {
        name: `acknowledged/s, ${senders} senders`,
        unit: '/s',
        against,
        ratio: { atLeast: 0.8 },
        of: (result) => result.ackedPerSecond,
      },
      p50: { name: `ack p50, ${senders} senders`, unit: 'ms', against, of: (result) => result.latencyMs.p50 },
      cpu: {
        name: `server CPU per message, ${senders} senders`,
        unit: 'us',
        against,
        ratio: { atMost: 2 },
        of: cpuPerMessage,
      },
      memory: {
        name: `server memory after ${senders} senders`,
        unit: 'MiB',
        against,
        of: (result) => result.server?.memoryMiB ?? Number.NaN,
      },
    },
  )

const steadyScene = loadScene(
  'steady-500',
  { load: openLoop },
  {
    p50: {
      name: 'ack p50, 500 msg/s',
      unit: 'ms',
      against,
      ratio: { atMost: 1.3 },
      of: (result) => result.latencyMs.p50,
    },
    p95: { name: 'ack p95, 500 msg/s', unit: 'ms', against, of: (result) => result.latencyMs.p95 },
    p99: {
      name: 'ack p99, 500 msg/s',
      unit: 'ms',
      against,
      ratio: { atMost: 1.5 },
      of: (result) => result.latencyMs.p99,
    },
    cpu: {
      name: 'server CPU per message, 500 msg/s',
      unit: 'us',
      against,
      ratio: { atMost: 2 },
      of: cpuPerMessage,
    },
  },
)

export const visitorScenes: Scene[] = [sendersScene(64), sendersScene(256), steadyScene]
