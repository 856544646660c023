import type { MessageRow as Entry } from '../../src/features/conversations/index.ts'
import type { Translate } from '../../src/platform/lib/i18n.ts'
import { Icon } from '../ui/icon.tsx'
import { RichText } from '../ui/rich-text.tsx'
import { Time } from '../ui/time.tsx'
import { isWebAddress, withoutScheme } from '../ui/web-address.ts'

/** One entry of a conversation: the same bytes in the page and in every push to readers of one language. */
export function MessageRow({ t, entry }: { t: Translate; entry: Entry }) {
  const { seq, kind, authorKind, authorId, body, clientId } = entry
  if (kind === 'event') return <EventRow t={t} entry={entry} />
  return (
    <li
      class="message"
      id={`m-${seq}`}
      data-seq={seq}
      data-client-id={authorKind === 'agent' ? clientId : null}
      data-from={authorKind}
      data-author={authorId}
    >
      <span class="said">{whose(t, entry)}</span>
      {kind === 'feedback' ? (
        <FormFace t={t} entry={entry} />
      ) : (
        <div class="face" dir="auto">
          <RichText text={body} />
        </div>
      )}
      <Under t={t} entry={entry} />
    </li>
  )
}

/** What stands below the words: by whom, when, from which page, and how far it has come. */
function Under({ t, entry }: { t: Translate; entry: Entry }) {
  const { seq, conversationId, authorKind, data, page, at } = entry
  return (
    <p class="under">
      {authorKind === 'agent' ? <bdi>{data?.agentName}</bdi> : null}
      {authorKind === 'system' ? <span>{t('console.automatic')}</span> : null}
      <a class="at" href={`/c/${conversationId}?at=${seq}`}>
        <Time at={at} />
      </a>
      {page && isWebAddress(page.url) ? (
        <a class="from-page" href={page.url} title={page.url} target="_blank" rel="noopener noreferrer nofollow">
          <span class="said">{t('console.page', { title: '' })}</span>
          <bdi class="cut">{page.title || withoutScheme(page.url)}</bdi>
        </a>
      ) : null}
      {authorKind === 'agent' ? <Marks t={t} /> : null}
    </p>
  )
}

/** A form that was filled in: who, how to reach them, what about, and what they wrote. */
function FormFace({ t, entry: { body, data } }: { t: Translate; entry: Entry }) {
  const { name, email, phone, topic } = data?.form ?? { name: '', topic: '' }
  return (
    <div class="face" data-is="form">
      <p class="label">{t('console.form')}</p>
      <dl>
        <dt>{t('console.form.name')}</dt>
        <dd dir="auto">{name}</dd>
        {email ? <dt>{t('console.form.email')}</dt> : null}
        {email ? (
          <dd>
            <a href={mailTo(email)}>
              <bdi>{email}</bdi>
            </a>
          </dd>
        ) : null}
        {phone ? <dt>{t('console.form.phone')}</dt> : null}
        {phone ? (
          <dd>
            <a href={`tel:${phone.replaceAll(/[^\d+]/g, '')}`}>
              <bdi>{phone}</bdi>
            </a>
          </dd>
        ) : null}
        {topic ? <dt>{t('console.form.topic')}</dt> : null}
        {topic ? <dd dir="auto">{topic}</dd> : null}
      </dl>
      <div class="words" dir="auto">
        <RichText text={body} />
      </div>
    </div>
  )
}

// Encoded, so that an address cannot add a subject or another recipient.
const mailTo = (email: string): string => `mailto:${encodeURIComponent(email).replace('%40', '@')}`

/** What was done, in small text without a box. */
function EventRow({ t, entry }: { t: Translate; entry: Entry }) {
  return (
    <li class="event" id={`m-${entry.seq}`} data-seq={entry.seq} data-event={entry.body}>
      <span>{happened(t, entry)}</span> <Time at={entry.at} />
    </li>
  )
}

/** An answer that is on its way: the browser fills it in, and takes it away when the kept row comes. */
export function PendingRow({ t }: { t: Translate }) {
  return (
    <li class="message" data-from="agent" data-state="pending">
      <div class="face" dir="auto" />
      <p class="under">
        <span data-is="pending">
          {t('console.pending')} <span data-wait />
        </span>
        <span data-is="failed">
          <Icon name="attention" small />
          <span>
            {t('console.failed')} <span data-why />
          </span>
          <button class="link" type="button" data-do="again">
            {t('console.again')}
          </button>
          <button class="link" type="button" data-do="edit">
            {t('console.back_to_text')}
          </button>
        </span>
      </p>
    </li>
  )
}

/** Sent, or seen once the visitor's mark has passed: the style shows the one that holds. */
function Marks({ t }: { t: Translate }) {
  return (
    <>
      <span data-is="sent">{t('console.sent')}</span>
      <span data-is="seen">{t('console.seen')}</span>
    </>
  )
}

function whose(t: Translate, { authorKind, data }: Entry): string {
  if (authorKind === 'agent') return t('console.from.agent', { name: data?.agentName ?? '' })
  return t(authorKind === 'visitor' ? 'console.from.visitor' : 'console.from.system')
}

function happened(t: Translate, { body, authorKind, data }: Entry): string {
  const name = data?.agentName ?? ''
  if (body === 'taken') return t('console.event.taken', { name })
  if (body === 'finished') return t('console.event.finished', { name })
  if (body === 'email_given') return t('console.event.email_given', { email: data?.email ?? '' })
  return authorKind === 'visitor' ? t('console.event.returned') : t('console.event.reopened', { name })
}
