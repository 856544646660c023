/** A data folder full of conversations, made by the product's own `kontuar demo seed`. */
import { Database } from 'bun:sqlite'
import { join } from 'node:path'
import { CannotMeasure } from '../scene.ts'

const root = join(import.meta.dir, '../..')

export type Seed = {
  conversations: number
  /** How many of them are not finished. */
  open: number
  messages: number
  /** The texts of one conversation; another has ten. */
  longest?: number
}

/** The first of the demo's staff. */
export const seededEmail = 'marina@northwater.example'
/** Another one of them. */
export const secondEmail = 'ewa@northwater.example'
export const seededPassword = 'correct horse battery staple'

/** Fills the folder; answers with the ids of the conversation of `longest` texts and of the one of ten. */
export async function seedStore(folder: string, { conversations, open, messages, longest }: Seed): Promise<string[]> {
  const amounts = ['--conversations', conversations, '--messages', messages, '--open', open]
  const command = [...amounts, ...(longest === undefined ? [] : ['--longest', longest]), '--password', seededPassword]
  const run = Bun.spawn(
    [process.execPath, join(root, 'src/main.ts'), 'demo', 'seed', '--quiet', '--data', folder, ...command.map(String)],
    { env: { ...process.env, DATABASE_URL: '' }, stdin: 'ignore', stdout: 'pipe', stderr: 'pipe' },
  )
  const [said, complaint, code] = await Promise.all([
    new Response(run.stdout).text(),
    new Response(run.stderr).text(),
    run.exited,
  ])
  if (code === 2) throw new CannotMeasure(`kontuar demo seed: ${complaint.trim()}`)
  if (code !== 0) throw new Error(`kontuar demo seed: ${complaint.trim()}`)
  letAllWait(join(folder, 'kontuar.db'))
  return [...said.matchAll(/\/c\/([0-9a-f-]{36})/g)].map(([, id = '']) => id)
}

/** The seed spreads what is open over Waiting and the Active of several agents; here one folder has them all. */
function letAllWait(path: string): void {
  const sqlite = new Database(path)
  sqlite.run(`UPDATE conversations SET state = 'waiting', agent_id = NULL, waiting_since = last_entry_at
    WHERE state = 'active'`)
  sqlite.run('DELETE FROM takes')
  sqlite.run('PRAGMA wal_checkpoint(TRUNCATE)')
  sqlite.close()
}
