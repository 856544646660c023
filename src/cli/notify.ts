import { readStore, storeFlags } from '../config.ts'
import { type Command, print } from './command.ts'
import { UsageError } from './flags.ts'
import { runOnStore } from './store-command.ts'

export const notify: Command = {
  usage: 'notify "TITLE" [--text TEXT] [--link URL] [--key KEY [--over]] [--data FOLDER] [--database-url URL]',
  summary: 'Tell all agents something: it stands in their lists, apart from what clients write.',
  details:
    'With --key the same is told once until it is over, which "notify --key KEY --over" says. A link is an http(s) address or a page of the console (/settings/mail).',
  takes: 'title',
  flags: { text: 'value', link: 'value', key: 'value', over: 'switch', ...storeFlags },
  async run(flags) {
    const { title, text, link, key, over } = flags
    if (over) {
      if (key === undefined || title !== undefined) throw new UsageError('notify --over needs --key, and no title')
      const { ended } = await runOnStore(readStore(flags), 'system.end', { key: String(key) })
      await print(ended > 0 ? `Over: ${key}` : `Nothing is told under ${key}`)
      return 0
    }
    if (title === undefined)
      throw new UsageError('notify needs what to tell: kontuar notify "The shop moves on Friday"')
    const { id } = await runOnStore(readStore(flags), 'system.tell', { title, body: text, link, key })
    await print(id === null ? `Told already under ${key}` : `Told, id ${id}`)
    return 0
  },
}
