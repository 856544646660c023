import { plainWords } from '../../../views/ui/markup.ts'
import type { Known } from './known.ts'
import type { ToLoader } from './port.ts'
import type { Entry } from './protocol.ts'

export const isAnswer = ({ author, kind }: Entry): boolean => author.kind === 'agent' && kind !== 'event'

/** Tells the shop's page what has changed since it was told last. */
export class News {
  readonly #known: Known
  readonly #post: (message: ToLoader) => void
  readonly #launcherName: (unread: number) => string
  /** an agent's message has come that was not there before */
  readonly #came: () => void
  #unread = 0
  #inTitle = 0
  /** what stands up to here was there when we came */
  #from: number | null = null
  #availability = ''
  #look = ''

  constructor(
    known: Known,
    post: (message: ToLoader) => void,
    launcherName: (unread: number) => string,
    came: () => void,
  ) {
    this.#known = known
    this.#post = post
    this.#launcherName = launcherName
    this.#came = came
  }

  /** `readMark` is how far the visitor has read; `inTitle`: the page's title shows the count. */
  tell(readMark: number, inTitle: boolean) {
    this.#tellMessages()
    this.#tellUnread(readMark, inTitle)
    this.#tellAvailability()
    this.#tellLook()
  }

  #tellMessages() {
    const { log, synced, site } = this.#known
    if (!synced) {
      this.#from = null
      return
    }
    const newest = log.entries.at(-1)?.seq ?? 0
    const from = this.#from
    this.#from = newest
    if (from === null || newest <= from) return
    const fresh = log.entries.slice(log.entries.findLastIndex(({ seq }) => seq <= from) + 1).filter(isAnswer)
    for (const { author, body, at } of fresh) {
      const name = author.name || site?.name || ''
      this.#post({
        type: 'event',
        name: 'message',
        detail: { author: { kind: 'agent', name }, text: plainWords(body), at },
      })
    }
    if (fresh.length > 0) this.#came()
  }

  #tellUnread(readMark: number, inTitle: boolean) {
    const { entries } = this.#known.log
    const unread = entries.slice(entries.findLastIndex(({ seq }) => seq <= readMark) + 1)
    const count = unread.filter(isAnswer).length
    if (count !== this.#unread) this.#post({ type: 'unread', count, label: this.#launcherName(count) })
    this.#unread = count
    const shown = inTitle ? count : 0
    if (shown !== this.#inTitle) this.#post({ type: 'title', count: shown })
    this.#inTitle = shown
  }

  #tellAvailability() {
    const { availability } = this.#known
    if (!availability) return
    const { status, backAt = null } = availability
    const now = `${status} ${backAt}`
    if (now !== this.#availability) this.#post({ type: 'event', name: 'availability', detail: { status, backAt } })
    this.#availability = now
  }

  #tellLook() {
    const { site, settings: widget } = this.#known
    if (!site) return
    const look = JSON.stringify([site.name, widget])
    if (look !== this.#look) this.#post({ type: 'look', name: site.name, widget })
    this.#look = look
  }
}
