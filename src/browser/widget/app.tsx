import { useEffect, useRef, useState } from 'preact/hooks'
import { plainWords } from '../../../views/ui/markup.ts'
import type { Say, WidgetKey } from '../../catalogues/widget-words.ts'
import type { Chat } from './chat.ts'
import { Composer } from './composer.tsx'
import type { Status } from './connection.ts'
import { Conversation } from './conversation.tsx'
import { type Extras, useForms } from './extras.ts'
import { keepTabWithin } from './focus-trap.ts'
import { Head } from './head.tsx'
import { Icon } from './icons.tsx'
import { isAnswer } from './news.ts'
import { asksForEmail, noticeOf, offerOf } from './state.ts'
import { TextButton } from './text-button.tsx'
import type { When } from './when.ts'

const patienceMs = 1_000
// Of what came in one go the rest stands in the log.
const mostReadOut = 5

type Props = { chat: Chat; say: Say; when: When; extras: Extras }

/** The widget's window. */
export function App({ chat, say, when, extras }: Props) {
  const { status, known } = chat.connection
  const window = useRef<HTMLElement>(null)
  const field = useRef<HTMLTextAreaElement>(null)
  const [wantsLog, setWantsLog] = useState(false)
  const impatient = usePatience(status)
  const offer = offerOf(chat)
  const hasLog = chat.entries.length > 0
  const form = offer === 'form' && !(wantsLog && hasLog)
  const notice = noticeOf(chat, impatient)
  const { FeedbackForm, EmailCard } = useForms(extras, form || asksForEmail(chat))

  useEffect(() => {
    if (!chat.open || chat.quiet) return
    // By touch the focus would bring the keyboard up over what there is to read.
    const place = matchMedia('(pointer: coarse)').matches ? null : window.current?.querySelector<HTMLElement>('.first')
    ;(place ?? window.current)?.focus()
  }, [chat.open, chat.quiet])

  return (
    <main
      ref={window}
      class="widget"
      tabIndex={-1}
      aria-label={known.site?.name || say('title')}
      onKeyDown={(event) => keepTabWithin(event.currentTarget, event)}
      onPointerDown={() => chat.attend()}
      onFocusIn={() => chat.attend()}
    >
      <Head chat={chat} say={say} when={when} />
      <Notice notice={form && notice && besideForm.has(notice) ? null : notice} say={say}>
        {offer === 'form' && !form && <TextButton words={say('form')} press={() => setWantsLog(false)} />}
      </Notice>
      {form ? (
        FeedbackForm && <FeedbackForm chat={chat} say={say} showLog={hasLog ? () => setWantsLog(true) : null} />
      ) : (
        <Conversation chat={chat} say={say} when={when}>
          {EmailCard && asksForEmail(chat) && <EmailCard chat={chat} say={say} />}
        </Conversation>
      )}
      <Announcer chat={chat} say={say} />
      {offer === 'chat' && <Composer chat={chat} field={field} say={say} extras={extras} />}
      {known.settings.poweredBy && <p class="powered">{say('poweredBy')}</p>}
    </main>
  )
}

// The form says these itself.
const besideForm = new Set<WidgetKey>(['switchedOff', 'registered'])

function Notice(props: { notice: WidgetKey | null; say: Say; children: preact.ComponentChildren }) {
  const { notice, say, children } = props
  // Always there: a live region that appears together with its text is not read out.
  return (
    <div role="status">
      {notice && (
        <p class="bar" data-is={notice}>
          {notice.startsWith('waiting') && <Icon name="wifiOff" size={16} />}
          <span>
            {say(notice)} {children}
          </span>
        </p>
      )}
    </div>
  )
}

/** Reads new messages of agents out, once, and nothing of the history. */
function Announcer({ chat, say }: { chat: Chat; say: Say }) {
  const readOut = useRef(0)
  const from = Math.max(readOut.current, chat.announceAfter)
  const fresh = chat.entries.slice(chat.entries.findLastIndex(({ seq }) => seq <= from) + 1).filter(isAnswer)
  readOut.current = Math.max(from, chat.entries.at(-1)?.seq ?? 0)
  const last = useRef('')
  if (fresh.length > 0)
    last.current = fresh
      .slice(-mostReadOut)
      .map(({ author, body }) => `${author.name || say('agent')}: ${plainWords(body)}`)
      .join('\n')
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
