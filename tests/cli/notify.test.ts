import { Database } from 'bun:sqlite'
import { expect, test } from 'bun:test'
import { join } from 'node:path'
import { freshFolder, builtProgram, run, startServing } from '../support/program.ts'

test('notify tells agents through the server that runs, or into the store when none does; a key is told once until it is over', async () => {
  await using folder = await freshFolder()
  const data = ['--data', folder.path]
  const notify = (...args: string[]) => run(builtProgram, ['notify', ...args, ...data])
  expect((await notify('Before anybody is there', '--text', 'at all')).stdout).toMatch(/^Told, id [0-9a-f-]{36}\n$/)
  await using serving = await startServing(builtProgram, data)
  expect((await notify('The shop moves', '--link', '/settings/mail', '--key', 'move')).code).toBe(0)
  expect((await notify('The shop moves', '--key', 'move')).stdout).toBe('Told already under move\n')
  expect((await notify('--key', 'move', '--over')).stdout).toBe('Over: move\n')
  expect((await notify('--key', 'move', '--over')).stdout).toBe('Nothing is told under move\n')
  const refused = await notify('A link to nowhere', '--link', 'javascript:alert(1)')
  expect(refused.code).not.toBe(0)
  expect(refused.stdout).toBe('')
  expect(refused.stderr).toMatch(/^kontuar: [^\n]+\n$/)
  await serving.end('SIGTERM')
  const store = new Database(join(folder.path, 'kontuar.db'), { readonly: true })
  const told = store
    .query('SELECT title, body, link, over_at IS NOT NULL AS over FROM system_messages ORDER BY created_at')
    .all()
  store.close()
  expect(told).toEqual([
    { title: 'Before anybody is there', body: 'at all', link: null, over: 0 },
    { title: 'The shop moves', body: null, link: '/settings/mail', over: 1 },
  ])
})
