import { Database } from 'bun:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { chmod, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSite, listSites } from '../../src/features/sites/index.ts'
import { applicationId, knownVersion } from '../../src/platform/db/migrate-sqlite.ts'
import { closeStore, freeBytes, openStore, probeWrite } from '../../src/platform/db/open.ts'
import { onStoreState, storeState } from '../../src/platform/db/state.ts'
import { write } from '../../src/platform/db/write.ts'
import { setUpLog } from '../../src/platform/lib/log.ts'
import { openSecretKey } from '../../src/platform/lib/secret-key.ts'

let folder: string
const file = () => join(folder, 'kontuar.db')
const pragma = (name: string): unknown => {
  const raw = new Database(file(), { readonly: true })
  const row = raw.query<Record<string, unknown>, []>(`PRAGMA ${name}`).get()
  raw.close()
  return row && Object.values(row)[0]
}
/** Another process that opens the same folder: what it prints. */
async function another(script: string): Promise<string> {
  const path = join(import.meta.dir, '../../src/platform/db/open.ts')
  const source = `import { openStore, closeStore } from ${JSON.stringify(path)}; const folder = ${JSON.stringify(folder)}; ${script}`
  const child = Bun.spawn([process.execPath, '-e', source], { stdout: 'pipe', stderr: 'pipe' })
  const [out] = await Promise.all([new Response(child.stdout).text(), child.exited])
  return out.trim()
}
const storeTurned = (mode: string) =>
  new Promise<void>((resolve) => {
    const stop = onStoreState((state) => {
      if (state.mode !== mode) return
      stop()
      resolve()
    })
  })

beforeEach(async () => {
  setUpLog({ level: 'error' })
  folder = await mkdtemp(join(tmpdir(), 'kontuar-open-'))
})

afterEach(async () => {
  await closeStore()
  await rm(folder, { recursive: true })
})

describe('the store', () => {
  test('is a WAL file of ours, in strict tables, at the version that this binary knows', async () => {
    await openStore(folder)
    expect(pragma('journal_mode')).toBe('wal')
    expect(pragma('application_id')).toBe(applicationId)
    expect(pragma('user_version')).toBe(knownVersion())
    const raw = new Database(file(), { readonly: true })
    const loose = raw
      .query(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite_%' AND name <> '__drizzle_migrations'",
      )
      .all()
    raw.close()
    expect(loose).toEqual([])
  })

  test('keeps its files to the owner, in a folder that others may enter', async () => {
    await chmod(folder, 0o755)
    await openStore(folder)
    await probeWrite()
    const files = await readdir(folder)
    const modes = await Promise.all(files.map(async (name) => (await stat(join(folder, name))).mode & 0o777))
    expect(files).toContain('kontuar.db-wal')
    expect(modes).toEqual(files.map(() => 0o600))
  })

  test('keeps what was written over a restart', async () => {
    await openStore(folder)
    await write((tx) => createSite(tx, { name: 'Water' }))
    await closeStore()
    await openStore(folder)
    expect((await listSites()).map((site) => site.name)).toEqual(['Water'])
  })

  test('lets nobody else have the folder, and says who has it', async () => {
    await openStore(folder)
    const said = await another('openStore(folder).catch((e) => console.log(e.name, e.message))')
    expect(said).toStartWith('CannotStart The data folder')
    expect(said).toContain(`in use by another Kontuar (process ${process.pid})`)
  })

  test('is free again once a holder was killed, and checked then', async () => {
    await another("await openStore(folder); process.kill(process.pid, 'SIGKILL')")
    expect(existsSync(join(folder, 'running'))).toBe(true)
    await openStore(folder)
    await probeWrite()
    expect(storeState().mode).toBe('ok')
  })

  test('leaves no mark of an unclean stop when it was closed', async () => {
    await openStore(folder)
    expect(existsSync(join(folder, 'running'))).toBe(true)
    await closeStore()
    expect(existsSync(join(folder, 'running'))).toBe(false)
  })

  test('refuses writes and says so when the check after an unclean stop finds damage', async () => {
    await openStore(folder)
    await write(async (tx) => {
      for (let n = 0; n < 2000; n++) await createSite(tx, { name: `site ${n} ${'x'.repeat(100)}` })
    })
    await closeStore()
    await damage(file())
    await writeFile(join(folder, 'running'), '1\n')
    const damaged = storeTurned('damaged')
    await openStore(folder)
    await damaged
    await expect(write(async () => 1)).rejects.toMatchObject({ code: 'storage_damaged', retryable: true })
  })

  test('refuses a database that a newer Kontuar has written', async () => {
    await openStore(folder)
    await closeStore()
    const raw = new Database(file())
    raw.run(`PRAGMA user_version = ${knownVersion() + 1}`)
    raw.close()
    await expect(openStore(folder)).rejects.toThrow(/written by a newer Kontuar/)
  })

  test('refuses a database that is not ours, and leaves it alone', async () => {
    const raw = new Database(file(), { create: true })
    raw.run('CREATE TABLE theirs (x)')
    raw.close()
    await expect(openStore(folder)).rejects.toThrow(/is not a Kontuar database/)
    const again = new Database(file(), { readonly: true })
    expect(again.query("SELECT name FROM sqlite_schema WHERE type = 'table'").all()).toEqual([{ name: 'theirs' }])
    again.close()
  })

  test('says in one line that a file is no database at all', async () => {
    await writeFile(file(), 'not a database, and longer than a header would be'.repeat(100))
    await expect(openStore(folder)).rejects.toThrow(/damaged and cannot be opened/)
  })

  test('refuses a folder that cannot be made', async () => {
    await writeFile(join(folder, 'plain-file'), '')
    await expect(openStore(join(folder, 'plain-file', 'data'))).rejects.toThrow(/cannot be written to/)
  })

  test('answers writes with "stopping" once it closes, and finishes those it took', async () => {
    await openStore(folder)
    const taken = write((tx) => createSite(tx, { name: 'last' }))
    const closing = closeStore()
    await expect(write(async () => 1)).rejects.toMatchObject({ code: 'stopping', retryable: true })
    expect((await taken).name).toBe('last')
    await closing
  })

  test('knows how much room is left', async () => {
    await openStore(folder)
    expect(await freeBytes()).toBeGreaterThan(0)
  })
})

describe('the secret key', () => {
  const key = () => join(folder, 'secret.key')

  test('is made once, for the owner alone, and kept', async () => {
    openSecretKey(folder)
    const first = await Bun.file(key()).text()
    expect(first.trim()).toMatch(/^[0-9a-f]{64}$/)
    expect((await stat(key())).mode & 0o777).toBe(0o600)
    openSecretKey(folder)
    expect(await Bun.file(key()).text()).toBe(first)
  })

  test('is not replaced when it is broken, nor used when others can read it', async () => {
    await writeFile(key(), 'half a k', { mode: 0o600 })
    expect(() => openSecretKey(folder)).toThrow(/is not a key/)
    await chmod(key(), 0o644)
    expect(() => openSecretKey(folder)).toThrow(/can be read by others/)
  })
})

/** Writes over pages in the middle of the file, as a failing disk would. */
async function damage(path: string): Promise<void> {
  const bytes = new Uint8Array(await Bun.file(path).arrayBuffer())
  const middle = Math.floor(bytes.length / 2 / 4096) * 4096
  bytes.fill(0xa5, middle, middle + 4 * 4096)
  await Bun.write(path, bytes)
}
