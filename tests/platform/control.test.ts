import { expect, test } from 'bun:test'
import { chmod, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { callControl, startControl } from '../../src/platform/http/control.ts'
import { setUpLog } from '../../src/platform/lib/log.ts'
import { refuse } from '../../src/platform/lib/refuse.ts'
import { freshFolder } from '../support/program.ts'

const commands = {
  async double(n: number) {
    return n * 2
  },
  async nothing() {},
  async refused() {
    throw refuse('conversation_taken', { by: 'Anna' })
  },
  async broken() {
    throw new Error('the secret is 42')
  },
}

test('a command is carried out by the server that runs on the folder', async () => {
  await using folder = await freshFolder()
  expect(await callControl(folder.path, 'double', 21)).toBeNull()
  const control = await startControl(folder.path, commands)
  expect(await callControl(folder.path, 'double', 21)).toEqual({ result: 42 })
  expect(await callControl(folder.path, 'nothing', null)).toEqual({ result: null })
  await control.stop()
  expect(await callControl(folder.path, 'double', 21)).toBeNull()
  expect(await readdir(folder.path)).toEqual([])
})

test('a refusal comes back as one, a bug without what it said, and no other name is a command', async () => {
  await using folder = await freshFolder()
  setUpLog({ print: () => undefined })
  const control = await startControl(folder.path, commands)
  const call = (name: string) => callControl(folder.path, name, null)
  await expect(call('refused')).rejects.toMatchObject({ code: 'conversation_taken', values: { by: 'Anna' } })
  await expect(call('broken')).rejects.toMatchObject({ code: 'internal_error', values: {} })
  for (const name of ['triple', 'toString', '__proto__']) {
    await expect(call(name)).rejects.toMatchObject({ code: 'unknown_type' })
  }
  await control.stop()
})

test('the socket is open to its owner alone from the moment it is there', async () => {
  await using folder = await freshFolder()
  await chmod(folder.path, 0o755)
  const control = await startControl(folder.path, commands)
  expect((await stat(join(folder.path, 'kontuar.sock'))).mode & 0o777).toBe(0o600)
  await control.stop()
})

test('a folder whose path is too long for a socket is reached all the same', async () => {
  await using folder = await freshFolder()
  const deep = join(folder.path, 'ж'.repeat(60))
  await Bun.write(join(deep, 'a'), '')
  const control = await startControl(deep, commands)
  expect(await callControl(deep, 'double', 2)).toEqual({ result: 4 })
  await control.stop()
})
