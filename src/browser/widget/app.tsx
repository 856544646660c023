import { useEffect, useRef, useState } from 'preact/hooks'
import type { Say, WidgetKey } from '../../catalogues/widget-words.ts'
import type { Chat } from './chat.ts'
import { Composer } from './composer.tsx'
import { Conversation } from './conversation.tsx'
import { Icon } from './icons.tsx'
import type { Status } from './connection.ts'
import type { When } from './when.ts'

const patienceMs = 1_000

/** The widget's window. */
export function App({ chat, say, when }: { chat: Chat; say: Say; when: When }) {
  const { status, known } = chat.connection
  const window = useRef<HTMLElement>(null)
  const field = useRef<HTMLTextAreaElement>(null)
  const impatient = usePatience(status)

  useEffect(() => {
    if (!chat.open) return
    // By touch the focus would bring the keyboard up over what there is to read.
    if (matchMedia('(pointer: coarse)').matches) window.current?.focus()
    else field.current?.focus()
  }, [chat.open])

  return (
    <main ref={window} class="widget" tabIndex={-1} aria-label={known.site?.name || say('title')}>
      <Head chat={chat} say={say} />
      <Notice chat={chat} impatient={impatient} say={say} />
      <Conversation chat={chat} say={say} when={when} />
      <Announcer chat={chat} say={say} />
      {chat.connection.shut ? null : <Composer chat={chat} field={field} say={say} />}
    </main>
  )
}

function Head({ chat, say }: { chat: Chat; say: Say }) {
  const { known } = chat.connection
  const name = known.site?.name || say('title')
  const agent = known.conversation?.state === 'active' ? lastAgent(chat) : ''
  const presence = presenceOf(chat)
  return (
    <header>
      <span class="mark" data-online={presence === 'online' || undefined}>
        <Icon name="speech" size={20} />
      </span>
      <div>
        <h1>
          <bdi>{agent ? `${agent}, ${name}` : name}</bdi>
        </h1>
        {presence && <p>{say(presence)}</p>}
      </div>
      <button type="button" class="icon-button" aria-label={say('close')} onClick={() => chat.close()}>
        <Icon name="chevronDown" size={20} />
      </button>
    </header>
  )
}

/** Who is there, as far as it is known: what is not known is never shown as online. */
function presenceOf(chat: Chat): WidgetKey | null {
  const { status, known } = chat.connection
  if (status === 'connecting') return 'connecting'
  if (!known.availability || known.site?.chatEnabled === false) return null
  return known.availability.status === 'online' ? 'online' : 'away'
}

const lastAgent = (chat: Chat) => chat.entries.findLast(({ author }) => author.kind === 'agent')?.author.name ?? ''

function Notice({ chat, impatient, say }: { chat: Chat; impatient: boolean; say: Say }) {
  const notice = noticeOf(chat, impatient)
  // Always there: a live region that appears together with its text is not read out.
  return (
    <div role="status">
      {notice && (
        <p class="bar" data-is={notice}>
          {notice.startsWith('waiting') && <Icon name="wifiOff" size={16} />}
          <span>{say(notice)}</span>
        </p>
      )}
    </div>
  )
}

function noticeOf(chat: Chat, impatient: boolean): WidgetKey | null {
  const { shut, status, known } = chat.connection
  if (shut === 'site_unknown') return 'unknownSite'
  if (shut) return 'refusedHere'
  if (status === 'waiting' || (status === 'connecting' && impatient)) {
    return chat.outbox.items.some(({ kept }) => kept === false) ? 'waitingInMemory' : 'waiting'
  }
  if (known.site?.chatEnabled === false) return 'switchedOff'
  if (known.conversation?.state === 'finished' && chat.outbox.items.length === 0) return 'finished'
  return known.availability?.status === 'away' && !known.conversation ? 'awayNote' : null
}

/** Reads new messages of agents out, once, and nothing of the history. */
function Announcer({ chat, say }: { chat: Chat; say: Say }) {
  const readOut = useRef(0)
  const from = Math.max(readOut.current, chat.announceAfter)
  const fresh = chat.entries.filter(
    ({ seq, kind, author }) => seq > from && kind !== 'event' && author.kind === 'agent',
  )
  readOut.current = Math.max(from, chat.entries.at(-1)?.seq ?? 0)
  const last = useRef('')
  if (fresh.length > 0)
    last.current = fresh.map(({ author, body }) => `${author.name || say('agent')}: ${body}`).join('\n')
  return (
    <p class="unseen" aria-live="polite">
      {last.current}
    </p>
  )
}

/** Whether connecting has taken long enough to say so. */
function usePatience(status: Status): boolean {
  const [over, setOver] = useState(false)
  useEffect(() => {
    setOver(false)
    const timer = setTimeout(() => setOver(true), patienceMs)
    return () => clearTimeout(timer)
  }, [status])
  return over
}
