// The long run: npm run races -- --rounds N [--postgres] [--race NAME] [--seed S]
import { parseArgs } from 'node:util'
import { startPostgres } from '../support/postgres.ts'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '1000' },
    postgres: { type: 'boolean', default: false },
    race: { type: 'string' },
    seed: { type: 'string' },
  },
})
const rounds = Number(values.rounds)
const seed = Number(values.seed ?? Date.now() % 1_000_000)
if (!Number.isSafeInteger(rounds) || rounds < 1 || !Number.isSafeInteger(seed)) {
  console.error('usage: npm run races -- --rounds N [--postgres] [--race NAME] [--seed S]')
  process.exit(2)
}

const server = values.postgres ? await startPostgres() : null
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void stop(130))
// Before anything declares a table: it is settled then which store this process works with.
if (server) process.env.DATABASE_URL = server.url
const { openGround, raceNames, runRace } = await import('./races.ts')

const chosen = raceNames.filter((race) => values.race === undefined || values.race === race)
if (chosen.length === 0) {
  console.error(`there is no race ${values.race}: ${raceNames.join(', ')}`)
  await stop(2)
}

console.log(`seed ${seed}, ${process.env.DATABASE_URL ? 'PostgreSQL' : 'SQLite'}`)
const ground = await openGround(seed)
let wrong = 0
for (const race of chosen) {
  const { bodies, seconds, violations } = await runRace(ground, race, rounds)
  wrong += violations.length
  console.log(`${race}: ${rounds} rounds, ${bodies} bodies, ${seconds.toFixed(1)} s, ${violations.length} violations`)
  for (const one of violations.slice(0, 20)) console.log(`  ${one}`)
}
await ground.close()
await stop(wrong > 0 ? 1 : 0)

async function stop(code: number): Promise<void> {
  await server?.stop()
  process.exit(code)
}
