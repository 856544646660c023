import { readdirSync } from 'node:fs'
import { join } from 'node:path'

// `bun run migration <name>`: writes the next migration from the tables as they are declared now. What the generator does
// not know is added here: STRICT for every table, WITHOUT ROWID for those that are read in the order of a composed key.
const folder = join(import.meta.dir, '../../migrations/sqlite')
const name = process.argv[2]
if (!name || !/^[a-z][a-z0-9-]*$/.test(name)) {
  console.error('Name the migration: bun run migration add-something')
  process.exit(2)
}

const migrations = () =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.name.endsWith('.sql'))
    .map((entry) => entry.name)

const before = new Set(migrations())
const generator = Bun.spawnSync(
  ['node_modules/.bin/drizzle-kit', 'generate', '--config', 'src/build/drizzle.sqlite.ts', '--name', name],
  {
    stdout: 'inherit',
    stderr: 'inherit',
  },
)
if (generator.exitCode !== 0) process.exit(generator.exitCode)
for (const file of migrations().filter((one) => !before.has(one))) {
  const path = join(folder, file)
  await Bun.write(path, (await Bun.file(path).text()).replaceAll(/CREATE TABLE[^;]*;/g, strict))
}

function strict(statement: string): string {
  const options = /PRIMARY KEY\(`\w+`, /.test(statement) ? 'STRICT, WITHOUT ROWID' : 'STRICT'
  return statement.replace(/\n\);$/, `\n) ${options};`)
}
