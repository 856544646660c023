import type { ComponentChildren } from 'preact'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { Say } from '../../catalogues/widget-words.ts'
import type { Chat } from './chat.ts'
import { copyText } from './copying.ts'
import { EntryChunk, chunkLength, chunksFrom } from './entry-chunk.tsx'
import { Icon } from './icons.tsx'
import { onLongPress } from './long-press.ts'
import type { Entry } from './protocol.ts'
import { Greeting, TypingRow, WaitingRow } from './rows.tsx'
import type { When } from './when.ts'

const nearEndPx = 48
const nearStartPx = 400
const copiedShownMs = 2_000

type Props = { chat: Chat; say: Say; when: When; children?: ComponentChildren }

/** The log with what waits after it. It stays at its end while the reader is there, and never moves otherwise. */
export function Conversation({ chat, say, when, children }: Props) {
  const { known } = chat.connection
  const view = useRef<HTMLDivElement>(null)
  const atEnd = useRef(true)
  const lastOwn = useRef('')
  /** how far the view stood from its end when older entries were asked for */
  const fromEnd = useRef<number | null>(null)
  /** how many chunks of entries are shown before the last */
  const [earlier, setEarlier] = useState(0)
  const [missed, setMissed] = useState<number | null>(null)
  const { copied, copy } = useCopying()

  const { entries } = chat
  const lastChunk = Math.max(0, Math.ceil(entries.length / chunkLength) - 1)
  // The last one may hold but a few: with the one before it the view is always full.
  const first = Math.max(0, lastChunk - 1 - earlier) * chunkLength
  const waiting = chat.outbox.items.filter(({ kind }) => kind !== 'email')
  const newestSeq = () => chat.entries.at(-1)?.seq ?? 0
  const endSeq = useRef(newestSeq())

  function toEnd() {
    const element = view.current
    if (element) element.scrollTop = element.scrollHeight
    atEnd.current = true
    endSeq.current = newestSeq()
    setMissed(null)
    setEarlier(0)
  }

  useLayoutEffect(() => {
    const own = waiting.at(-1)?.clientId ?? ''
    // What one has just written is always looked at.
    if (own && own !== lastOwn.current) atEnd.current = true
    lastOwn.current = own
    if (atEnd.current) toEnd()
    else setMissed(chat.entries.filter((entry) => entry.seq > endSeq.current && entry.author.kind !== 'visitor').length)
    if (chat.open && !chat.quiet && atEnd.current && document.visibilityState === 'visible') chat.seen()
  })

  // Older entries come in above; what is before the reader's eyes stays where it is.
  useLayoutEffect(() => {
    const element = view.current
    if (element && fromEnd.current !== null) element.scrollTop = element.scrollHeight - fromEnd.current
    fromEnd.current = null
  }, [earlier])

  useLayoutEffect(() => {
    const element = view.current
    if (!element || typeof ResizeObserver === 'undefined') return
    const resized = new ResizeObserver(() => atEnd.current && toEnd())
    resized.observe(element)
    return () => resized.disconnect()
  }, [])

  function scrolled({ currentTarget: element }: { currentTarget: HTMLDivElement }) {
    const wasAtEnd = atEnd.current
    atEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < nearEndPx
    if (atEnd.current && !wasAtEnd) {
      toEnd()
      if (chat.open) chat.seen()
    } else if (!atEnd.current && element.scrollTop < nearStartPx && first > 0) showEarlier()
  }

  function showEarlier() {
    const element = view.current
    if (fromEnd.current !== null) return
    fromEnd.current = element ? element.scrollHeight - element.scrollTop : 0
    atEnd.current = false
    setEarlier(earlier + 1)
  }

  const bodyOf = (key: string) =>
    key.startsWith('e')
      ? chat.entries.find(({ seq }) => `e${seq}` === key)?.body
      : waiting.find(({ clientId }) => `p${clientId}` === key)?.body
  const press = onLongPress((key) => {
    const body = bodyOf(key)
    if (body !== undefined) copy(body)
  })

  const tabStop = entries.findLastIndex(({ kind }) => kind !== 'event')
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
        <ol onKeyDown={amongButtons} {...press}>
          {first > 0 && (
            <li class="event">
              <button type="button" class="text-button" onClick={showEarlier}>
                {say('earlier')}
              </button>
            </li>
          )}
          {first === 0 && <Welcome chat={chat} />}
          {chunksFrom(first, entries.length).map(({ from, to }) => (
            <EntryChunk
              key={from}
              entries={entries}
              from={from}
              to={to}
              seenTo={markWithin(entries, from, to, known.conversation?.readSeq)}
              deliveredTo={markWithin(entries, from, to, known.deliveredSeq)}
              tabStop={tabStop >= from && tabStop < to ? (entries[tabStop]?.seq ?? null) : null}
              siteName={known.site?.name ?? ''}
              picture={entries[0] && isGreeting(entries[0]) ? known.settings.greetingPicture : null}
              copy={copy}
              say={say}
              when={when}
            />
          ))}
          {waiting.map((item) => (
            <Pending key={item.clientId} chat={chat} item={item} say={say} when={when} />
          ))}
          {known.typingAgent !== null && <TypingRow name={known.typingAgent} say={say} />}
          {children}
        </ol>
      </div>
      <div class="over">
        <p class="toast" role="status">
          {copied && say('copied')}
        </p>
        {missed !== null && (
          <button type="button" class="latest" onClick={toEnd}>
            <Icon name="chevronDown" size={16} />
            {say('latest', { count: missed })}
          </button>
        )}
      </div>
    </div>
  )
}

function Pending({
  chat,
  item,
  say,
  when,
}: {
  chat: Chat
  item: Chat['outbox']['items'][number]
  say: Say
  when: When
}) {
  const { known, sender, status } = chat.connection
  const off = known.mode === 'form' && (item.kind ?? 'text') === 'text'
  return (
    <WaitingRow
      item={item}
      off={off}
      heldBack={sender.heldBack}
      stuck={off || sender.heldBack !== null || (status !== 'live' && status !== 'polling')}
      retry={() => chat.retry(item.clientId)}
      discard={() => chat.discard(item.clientId)}
      takeBack={() => chat.takeBack(item.clientId)}
      say={say}
      when={when}
    />
  )
}

// What the visitor was shown first is kept with the first message, and stands in the log from then on.
function Welcome({ chat }: { chat: Chat }) {
  const { site, settings, mode } = chat.connection.known
  const [first] = chat.entries
  if (!site?.greeting || mode === 'form' || (first && isGreeting(first))) return null
  return <Greeting body={site.greeting} by={site.name} picture={settings.greetingPicture} />
}

const isGreeting = ({ author, kind }: Entry) => author.kind === 'system' && kind !== 'event'

/** How far a mark stands, as far as it matters to these entries: what does not is the same for ever. */
function markWithin(entries: Entry[], from: number, to: number, seq = 0): number {
  const lowest = (entries[from]?.seq ?? 0) - 1
  return Math.min(Math.max(seq, lowest), entries[to - 1]?.seq ?? 0)
}

/** Whether something was copied a moment ago, and how to copy. */
function useCopying() {
  const [copied, setCopied] = useState(0)
  useLayoutEffect(() => {
    if (copied === 0) return
    const timer = setTimeout(() => setCopied(0), copiedShownMs)
    return () => clearTimeout(timer)
  }, [copied])
  const copy = useRef((text: string) => void copyText(text).then((done) => done && setCopied(performance.now())))
  return { copied: copied > 0, copy: copy.current }
}

/** The arrow keys go from the button of one message to that of the next. */
function amongButtons(event: KeyboardEvent) {
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key]
  const button = (event.target as Element).closest('.copy')
  if (!step || !button) return
  const all = [...(button.closest('ol')?.querySelectorAll<HTMLElement>('.copy') ?? [])]
  const next = all[all.indexOf(button as HTMLElement) + step]
  if (!next) return
  event.preventDefault()
  next.focus()
}
