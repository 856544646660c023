import { expect, test } from 'bun:test'
import type { Round, Run } from '../../bench/scene.ts'
import { scenes } from '../../bench/scenes.ts'
import { executable } from '../support/executable.ts'

// Every scene once, as small as it gets: that it still measures, not what.

const run: Run = { of: ({ smoke }) => smoke, calm: () => Promise.resolve(), note: () => undefined }
// Bounds of what a figure may be at all, whatever the machine: memory may shrink, times may not.
const mayBeNegative = new Set(['idle-sockets'])

async function oneRound(name: string): Promise<Round> {
  const scene = scenes.find((one) => one.name === name)
  if (scene === undefined) throw new Error(`no scene ${name}`)
  for await (const round of scene.play(run)) return round
  throw new Error('the scene plays no round')
}

// These differ from one that is played in their numbers alone.
const same = new Set(['senders-256', 'postgres-256', 'postgres-500'])
const played = scenes.map(({ name }) => name).filter((name) => !same.has(name))

test.each(played)(
  'the scene %s measures all its figures',
  async (name) => {
    if (name === 'executable') process.env['KONTUAR_BINARY'] = await executable()
    const { figures } = scenes.find((one) => one.name === name)!
    const { pairs, troubles } = await oneRound(name).finally(() => delete process.env['KONTUAR_BINARY'])
    expect(troubles).toEqual([])
    expect(Object.keys(pairs)).toEqual(Object.keys(figures))
    for (const [key, { ours, other }] of Object.entries(pairs)) {
      expect([key, Number.isFinite(ours), Number.isFinite(other ?? 0)]).toEqual([key, true, true])
      if (!mayBeNegative.has(name)) expect([key, ours > 0]).toEqual([key, true])
      expect(other === undefined).toBe(figures[key]?.against === undefined)
    }
  },
  120_000,
)

test('scenes and figures have names of their own', () => {
  expect(new Set(scenes.map(({ name }) => name)).size).toBe(scenes.length)
  const figures = scenes.flatMap((scene) => Object.values(scene.figures).map(({ name }) => name))
  expect(new Set(figures).size).toBe(figures.length)
})
