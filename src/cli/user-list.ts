import { readStore, storeFlags } from '../config.ts'
import { type Command, print } from './command.ts'
import { runOnStore } from './store-command.ts'
import { table } from './table.ts'

export const userList: Command = {
  usage: 'user list [--json] [--data FOLDER] [--database-url URL]',
  summary: 'List the accounts.',
  flags: { json: 'switch', ...storeFlags },
  async run(flags) {
    const users = await runOnStore(readStore(flags), 'user.list', null, { reads: true })
    await print(flags.json ? JSON.stringify(users, null, 2) : table(users, ['id', 'email', 'name', 'role']))
    return 0
  },
}
