import { readdirSync } from 'node:fs'
import { join } from 'node:path'

// `bun run migration <name>`: writes the next migration of both stores from the tables as they are declared now.
const name = process.argv[2]
if (!name || !/^[a-z][a-z0-9-]*$/.test(name)) {
  console.error('Name the migration: bun run migration add-something')
  process.exit(2)
}

await generate('sqlite', {}, strict)
// The tables are declared in PostgreSQL's words where this is set; nothing is connected to.
await generate('postgres', { DATABASE_URL: 'postgres://' }, inAnySchema)

async function generate(
  dialect: string,
  env: Record<string, string>,
  complete: (sql: string) => string,
): Promise<void> {
  const folder = join(import.meta.dir, '../../migrations', dialect)
  const migrations = () => readdirSync(folder).filter((file) => file.endsWith('.sql'))
  const before = new Set(migrations())
  const generator = Bun.spawnSync(
    ['node_modules/.bin/drizzle-kit', 'generate', '--config', `src/build/drizzle.${dialect}.ts`, '--name', name ?? ''],
    { stdout: 'inherit', stderr: 'inherit', env: { ...process.env, ...env } },
  )
  if (generator.exitCode !== 0) process.exit(generator.exitCode)
  for (const file of migrations().filter((one) => !before.has(one))) {
    const path = join(folder, file)
    await Bun.write(path, complete(await Bun.file(path).text()))
  }
}

/** What the generator does not know: STRICT for every table, WITHOUT ROWID for those read in the order of a composed key. */
function strict(sql: string): string {
  return sql.replaceAll(/CREATE TABLE[^;]*;/g, (statement) => {
    const options = /PRIMARY KEY\(`\w+`, /.test(statement) ? 'STRICT, WITHOUT ROWID' : 'STRICT'
    return statement.replace(/\n\);$/, `\n) ${options};`)
  })
}

/** The generator names the schema `public`; the tables belong into whichever the connection has. */
function inAnySchema(sql: string): string {
  return sql.replaceAll('"public".', '')
}
