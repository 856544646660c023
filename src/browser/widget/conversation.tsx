import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { Say } from '../../catalogues/widget-words.ts'
import type { Chat } from './chat.ts'
import { Icon } from './icons.tsx'
import type { Entry } from './protocol.ts'
import { Day, EntryRow, Greeting, TypingRow, WaitingRow } from './rows.tsx'
import { sameDay, type When } from './when.ts'

const pageLength = 100
const nearPx = 48

/** The log with what waits after it. It stays at its end while the reader is there, and never moves otherwise. */
export function Conversation({ chat, say, when }: { chat: Chat; say: Say; when: When }) {
  const { known, sender } = chat.connection
  const view = useRef<HTMLDivElement>(null)
  const atEnd = useRef(true)
  const lastOwn = useRef('')
  const [shown, setShown] = useState(pageLength)
  const [missed, setMissed] = useState<number | null>(null)

  const first = Math.max(0, chat.entries.length - shown)
  const entries = chat.entries.slice(first)
  const off = known.site?.chatEnabled === false
  const waiting = chat.outbox.items
  const greeting = known.site?.greeting
  const newestSeq = chat.entries.at(-1)?.seq ?? 0
  const endSeq = useRef(newestSeq)

  function toEnd() {
    const element = view.current
    if (element) element.scrollTop = element.scrollHeight
    atEnd.current = true
    endSeq.current = newestSeq
    setMissed(null)
  }

  useLayoutEffect(() => {
    const own = waiting.at(-1)?.clientId ?? ''
    // What one has just written is always looked at.
    if (own && own !== lastOwn.current) atEnd.current = true
    lastOwn.current = own
    if (atEnd.current) toEnd()
    else setMissed(chat.entries.filter(({ seq, author }) => seq > endSeq.current && author.kind !== 'visitor').length)
    if (chat.open && atEnd.current && document.visibilityState === 'visible') chat.seen()
  })

  useLayoutEffect(() => {
    const element = view.current
    if (!element || typeof ResizeObserver === 'undefined') return
    const resized = new ResizeObserver(() => atEnd.current && toEnd())
    resized.observe(element)
    return () => resized.disconnect()
  }, [])

  function scrolled({ currentTarget: element }: { currentTarget: HTMLDivElement }) {
    const wasAtEnd = atEnd.current
    atEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < nearPx
    if (atEnd.current && !wasAtEnd) {
      toEnd()
      if (chat.open) chat.seen()
    } else if (!atEnd.current && wasAtEnd) setMissed(0)
  }

  /** Shows older rows above, with what is being read left where it is. */
  function showEarlier() {
    const element = view.current
    const fromEnd = element ? element.scrollHeight - element.scrollTop : 0
    atEnd.current = false
    setShown(shown + pageLength)
    requestAnimationFrame(() => {
      if (element) element.scrollTop = element.scrollHeight - fromEnd
    })
  }

  return (
    <div class="middle">
      <div
        class="log"
        ref={view}
        role="log"
        aria-live="off"
        tabIndex={0}
        aria-label={say('messages')}
        onScroll={scrolled}
      >
        <ol>
          {first > 0 && (
            <li class="event">
              <button type="button" class="text-button" onClick={showEarlier}>
                {say('earlier')}
              </button>
            </li>
          )}
          {greeting && first === 0 && !isGreeted(chat.entries) && (
            <Greeting body={greeting} by={known.site?.name ?? ''} />
          )}
          {entries.map((entry, at) => [
            !follows(entry, entries[at - 1]) && <Day key={`day-${entry.seq}`} at={entry.at} when={when} />,
            <EntryRow
              key={entry.seq}
              entry={entry}
              readSeq={known.conversation?.readSeq ?? 0}
              siteName={known.site?.name ?? ''}
              say={say}
              when={when}
            />,
          ])}
          {waiting.map((item) => (
            <WaitingRow
              key={item.clientId}
              item={item}
              off={off}
              heldBack={sender.heldBack}
              retry={() => chat.retry(item.clientId)}
              discard={() => chat.discard(item.clientId)}
              say={say}
              when={when}
            />
          ))}
          {known.typingAgent !== null && <TypingRow name={known.typingAgent} say={say} />}
        </ol>
      </div>
      {missed !== null && (
        <button type="button" class="latest" onClick={toEnd}>
          <Icon name="chevronDown" size={16} />
          {say('latest', { count: missed })}
        </button>
      )}
    </div>
  )
}

const follows = (entry: Entry, before: Entry | undefined) => before !== undefined && sameDay(before.at, entry.at)

// What the visitor was shown first is kept with the first message, and stands in the log from then on.
const isGreeted = ([first]: Entry[]) => first?.author.kind === 'system' && first.kind !== 'event'
