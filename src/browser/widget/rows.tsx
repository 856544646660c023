import type { ComponentChildren } from 'preact'
import type { Say, WidgetKey } from '../../catalogues/widget-words.ts'
import { RichText } from '../../../views/ui/rich-text.tsx'
import { Icon } from './icons.tsx'
import type { Waiting } from './outbox.ts'
import type { Entry } from './protocol.ts'
import type { When } from './when.ts'

type Words = { say: Say; when: When }

export const Day = ({ at, when }: { at: number; when: When }) => (
  <li class="event">
    <time dateTime={new Date(at).toISOString()}>{when.day(at)}</time>
  </li>
)

/** One entry of the log. */
export function EntryRow({
  entry,
  readSeq,
  siteName,
  say,
  when,
}: { entry: Entry; readSeq: number; siteName: string } & Words) {
  if (entry.kind === 'event') return <Happened event={entry.body} say={say} />
  if (entry.author.kind === 'visitor') {
    return (
      <Own body={entry.body} say={say}>
        <Time at={entry.at} when={when} />
        {entry.seq <= readSeq ? (
          <State is="seen" icon="checkCheck" say={say} />
        ) : (
          <State is="sent" icon="check" say={say} />
        )}
      </Own>
    )
  }
  const name = entry.author.kind === 'agent' ? entry.author.name || say('agent') : siteName
  return (
    <li class="say">
      <Face body={entry.body} by={name} />
      <p class="under">
        <bdi aria-hidden="true">{name}</bdi>
        <Time at={entry.at} when={when} />
      </p>
    </li>
  )
}

const events: Record<string, WidgetKey> = { finished: 'wasFinished', reopened: 'wasReopened' }

function Happened({ event, say }: { event: string; say: Say }) {
  const key = events[event]
  return key ? <li class="event">{say(key)}</li> : null
}

/** One message that is not in the log yet. `off` and `heldBack` say why it may have to wait. */
export function WaitingRow({
  item,
  off,
  heldBack,
  retry,
  discard,
  say,
  when,
}: {
  item: Waiting
  off: boolean
  heldBack: string | null
  retry: () => void
  discard: () => void
} & Words) {
  if (item.failed) {
    return (
      <Own body={item.body} is="failed" say={say}>
        <span class="state">
          <Icon name="alert" />
          {say('notSent', { reason: reasonOf(item.failed, say) })}
        </span>
        <button type="button" class="text-button" onClick={retry}>
          {say('tryAgain')}
        </button>
        <button type="button" class="text-button" onClick={discard}>
          {say('discard')}
        </button>
      </Own>
    )
  }
  if (item.seq !== undefined) {
    return (
      <Own body={item.body} say={say}>
        <Time at={item.at} when={when} />
        <State is="sent" icon="check" say={say} />
      </Own>
    )
  }
  return (
    <Own body={item.body} is="pending" say={say}>
      <State is={whyPending(item, off, heldBack)} icon="clock" say={say} />
    </Own>
  )
}

function whyPending({ kept }: Waiting, off: boolean, heldBack: string | null): WidgetKey {
  if (kept === false) return 'pendingInMemory'
  if (off) return 'pendingOff'
  if (heldBack === 'rate_limited' || heldBack === 'held_back') return 'heldBackRate'
  return heldBack && heldBack !== 'no_answer' ? 'heldBack' : 'pending'
}

const reasons: Record<string, WidgetKey> = {
  text_too_long: 'reason.text_too_long',
  text_missing: 'reason.text_missing',
  text_invalid: 'reason.text_invalid',
}

function reasonOf({ code }: { code: string }, say: Say): string {
  return say(reasons[code] ?? 'reason.other', { code })
}

/** What the shop says first, before there is a conversation. */
export const Greeting = ({ body, by }: { body: string; by: string }) => (
  <li class="say">
    <Face body={body} by={by} />
    <p class="under">
      <bdi aria-hidden="true">{by}</bdi>
    </p>
  </li>
)

export const TypingRow = ({ name, say }: { name: string; say: Say }) => (
  <li class="say typing">
    <p class="face">
      <span class="dots" role="img" aria-label={say('typing', { name: name || say('agent') })}>
        <i />
        <i />
        <i />
      </span>
    </p>
    <p class="under" aria-hidden="true">
      {say('typing', { name: name || say('agent') })}
    </p>
  </li>
)

const Own = ({ body, is, say, children }: { body: string; is?: string; say: Say; children: ComponentChildren }) => (
  <li class="say" data-from="me" data-is={is}>
    <Face body={body} by={say('you')} />
    <p class="under">{children}</p>
  </li>
)

const Face = ({ body, by }: { body: string; by: string }) => (
  <div class="face" dir="auto">
    {by && <bdi class="unseen">{by}: </bdi>}
    <RichText text={body} />
  </div>
)

const State = ({ is, icon, say }: { is: WidgetKey; icon: 'clock' | 'check' | 'checkCheck'; say: Say }) => (
  <span class="state" data-is={is}>
    <Icon name={icon} />
    {say(is)}
  </span>
)

const Time = ({ at, when }: { at: number; when: When }) => (
  <time dateTime={new Date(at).toISOString()}>{when.time(at)}</time>
)
