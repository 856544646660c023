import { Component, type ComponentChildren } from 'preact'
import { RichText } from '../../../views/ui/rich-text.tsx'
import type { Say, WidgetKey } from '../../catalogues/widget-words.ts'
import { canBeTakenBack } from './chat.ts'
import { Icon } from './icons.tsx'
import type { Waiting } from './outbox.ts'
import type { Author, Entry, FeedbackForm } from './protocol.ts'
import { reasonOf } from './reasons.ts'
import { TextButton } from './text-button.tsx'
import type { When } from './when.ts'

type Words = { say: Say; when: When }

export const Day = ({ at, when }: { at: number; when: When }) => (
  <li class="event">
    <time dateTime={new Date(at).toISOString()}>{when.day(at)}</time>
  </li>
)

type EntryProps = {
  entry: Entry
  /** how far a message of the visitor's own has come */
  mark: 'sent' | 'delivered' | 'seen'
  siteName: string
  /** of the shop's greeting */
  picture: string | null
  /** whether the Tab key stops at its button; the arrow keys reach the others */
  tabStop: boolean
  copy: (text: string) => void
} & Words

/** One entry of the log. What has not changed is not drawn again: there may be thousands. */
export class EntryRow extends Component<EntryProps> {
  override shouldComponentUpdate(next: EntryProps) {
    return Object.keys(next).some((name) => next[name as keyof EntryProps] !== this.props[name as keyof EntryProps])
  }

  override render({ entry, mark, siteName, picture, tabStop, copy, say, when }: EntryProps) {
    const { kind, author, body, form, seq, at } = entry
    if (kind === 'event') return <Happened entry={entry} say={say} />
    const button = <CopyButton body={body} tabStop={tabStop} copy={copy} say={say} />
    if (author.kind === 'visitor') {
      return (
        <Own id={`e${seq}`} body={body} form={form} say={say} beside={button}>
          <Time at={at} when={when} />
          <State is={mark} icon={mark === 'sent' ? 'check' : 'checkCheck'} say={say} />
        </Own>
      )
    }
    const name = author.kind === 'agent' ? author.name || say('agent') : siteName
    return (
      <li class="say" data-key={`e${seq}`}>
        <Face body={body} by={name} picture={picture} />
        {button}
        <p class="under">
          <By name={name} title={author.title} />
          <Time at={at} when={when} />
        </p>
      </li>
    )
  }
}

const By = ({ name, title }: { name: string; title: Author['title'] }) => (
  <span aria-hidden="true">
    <bdi>{name}</bdi>
    {title && (
      <>
        {', '}
        <bdi>{title}</bdi>
      </>
    )}
  </span>
)

const events: Record<string, WidgetKey> = {
  finished: 'wasFinished',
  reopened: 'wasReopened',
  email_given: 'email.given',
}

function Happened({ entry: { body, email = '' }, say }: { entry: Entry; say: Say }) {
  const key = events[body]
  return key ? (
    <li class="event" dir="auto">
      {say(key, { email })}
    </li>
  ) : null
}

type WaitingProps = {
  item: Waiting
  /** why it has to wait: there is no chat for it, or what the server said last */
  off: boolean
  heldBack: string | null
  /** it will not go out in the next moment */
  stuck: boolean
  retry: () => void
  discard: () => void
  takeBack: () => void
} & Words

/** One message that is not in the log yet. */
export function WaitingRow({ item, off, heldBack, stuck, retry, discard, takeBack, say, when }: WaitingProps) {
  const { body, form, failed } = item
  const own = { id: `p${item.clientId}`, body, form, say }
  if (failed) {
    return (
      <Own {...own} is="failed">
        <span class="state">
          <Icon name="alert" />
          {say('notSent', { reason: reasonOf(failed, say) })}
        </span>
        <TextButton words={say('tryAgain')} press={retry} />
        <TextButton words={say('discard')} press={discard} />
      </Own>
    )
  }
  if (item.seq !== undefined) {
    return (
      <Own {...own}>
        <Time at={item.at} when={when} />
        <State is="sent" icon="check" say={say} />
      </Own>
    )
  }
  return (
    <Own {...own} is="pending">
      <State is={whyPending(item, off, heldBack)} icon="clock" say={say} />
      {stuck && canBeTakenBack(item) && <TextButton words={say('takeBack')} press={takeBack} />}
    </Own>
  )
}

function whyPending({ kept }: Waiting, off: boolean, heldBack: string | null): WidgetKey {
  if (kept === false) return 'pendingInMemory'
  if (off) return 'pendingOff'
  if (heldBack === 'rate_limited' || heldBack === 'held_back') return 'heldBackRate'
  return heldBack && heldBack !== 'no_answer' ? 'heldBack' : 'pending'
}

/** What the shop says first, before there is a conversation. */
export const Greeting = ({ body, by, picture }: { body: string; by: string; picture: string | null }) => (
  <li class="say">
    <Face body={body} by={by} picture={picture} />
    <p class="under">
      <By name={by} title={undefined} />
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

type OwnProps = {
  id: string
  body: string
  form?: FeedbackForm | undefined
  is?: string
  say: Say
  beside?: ComponentChildren
  children: ComponentChildren
}

const Own = ({ id, body, form, is, say, beside, children }: OwnProps) => (
  <li class="say" data-from="me" data-is={is} data-key={id}>
    {form ? <FormFace body={body} form={form} say={say} /> : <Face body={body} by={say('you')} />}
    {beside}
    <p class="under">{children}</p>
  </li>
)

const Face = ({ body, by, picture }: { body: string; by: string; picture?: string | null }) => (
  <div class="face" dir="auto">
    {by && <bdi class="unseen">{by}: </bdi>}
    {picture && <img src={`/pictures/${picture}`} alt="" />}
    <RichText text={body} />
  </div>
)

function FormFace({ body, form: { name, email, phone, topic }, say }: { body: string; form: FeedbackForm; say: Say }) {
  return (
    <div class="face" data-is="form">
      <bdi class="unseen">{say('you')}: </bdi>
      <p class="who">
        {[name, email, phone].filter(Boolean).map((value, at) => [at > 0 && ' · ', <bdi key={value}>{value}</bdi>])}
      </p>
      {topic && (
        <p class="topic" dir="auto">
          {topic}
        </p>
      )}
      <div dir="auto">
        <RichText text={body} />
      </div>
    </div>
  )
}

const CopyButton = (props: { body: string; tabStop: boolean; copy: (text: string) => void; say: Say }) => (
  <button
    type="button"
    class="copy"
    aria-label={props.say('copy')}
    tabIndex={props.tabStop ? 0 : -1}
    onClick={() => props.copy(props.body)}
  >
    <Icon name="copy" size={16} />
  </button>
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
