import { expect, test } from 'bun:test'
import { copyFile, symlink } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { freshFolder, run } from './support/program.ts'

const source = (insert: string) => `
import { Database } from 'bun:sqlite'
import { drizzle } from 'drizzle-orm/bun-sqlite'
import { integer, sqliteTable } from 'drizzle-orm/sqlite-core'
const bottles = sqliteTable('bottles', { count: integer() })
const db = drizzle(new Database(':memory:'))
export async function keep(): Promise<void> {
  ${insert}
}
`

test('the linter finds a Drizzle insert that is not awaited, which would never run', async () => {
  await using folder = await freshFolder()
  await symlink(resolve('node_modules'), join(folder.path, 'node_modules'))
  for (const name of ['tsconfig.json', '.oxlintrc.json']) await copyFile(name, join(folder.path, name))
  const lint = async (insert: string) => {
    await Bun.write(join(folder.path, 'src/keep.ts'), source(insert))
    const { PATH = '' } = process.env
    return run([resolve('node_modules/.bin/oxlint')], ['--type-aware', 'src'], { cwd: folder.path, env: { PATH } })
  }
  const forgotten = await lint('db.insert(bottles).values({ count: 19 })')
  expect(forgotten.code).toBe(1)
  expect(forgotten.stdout).toContain('no-floating-promises')
  expect((await lint('await db.insert(bottles).values({ count: 19 })')).code).toBe(0)
})
