import { readStore, storeFlags } from '../config.ts'
import { type Command, print } from './command.ts'
import { runOnStore } from './store-command.ts'
import { table } from './table.ts'

export const siteList: Command = {
  usage: 'site list [--json] [--data FOLDER] [--database-url URL]',
  summary: 'List the sites, whose ids the snippets carry.',
  flags: { json: 'switch', ...storeFlags },
  async run(flags) {
    const sites = await runOnStore(readStore(flags), 'site.list', null, { reads: true })
    await print(flags.json ? JSON.stringify(sites, null, 2) : table(sites, ['id', 'name', 'chatEnabled']))
    return 0
  },
}
