import { readFolder } from '../config.ts'
import { type Command, print } from './command.ts'
import { mustHaveData, runOnStore } from './store-command.ts'
import { table } from './table.ts'

export const siteList: Command = {
  usage: 'site list [--json] [--data FOLDER]',
  summary: 'List the sites, whose ids the snippets carry.',
  flags: { json: 'switch', data: 'value' },
  async run(flags) {
    const folder = readFolder(flags)
    mustHaveData(folder)
    const sites = await runOnStore(folder, 'site.list', null)
    await print(flags.json ? JSON.stringify(sites, null, 2) : table(sites, ['id', 'name', 'chatEnabled']))
    return 0
  },
}
