import { readFolder } from '../config.ts'
import { type Command, print } from './command.ts'
import { mustHaveData, runOnStore } from './store-command.ts'
import { table } from './table.ts'

export const userList: Command = {
  usage: 'user list [--json] [--data FOLDER]',
  summary: 'List the accounts.',
  flags: { json: 'switch', data: 'value' },
  async run(flags) {
    const folder = readFolder(flags)
    mustHaveData(folder)
    const users = await runOnStore(folder, 'user.list', null)
    await print(flags.json ? JSON.stringify(users, null, 2) : table(users, ['id', 'email', 'name', 'role']))
    return 0
  },
}
