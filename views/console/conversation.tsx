import type { ConversationRow } from '../../src/features/conversations/index.ts'
import type { OpenLog } from '../../src/features/inbox/stretches.ts'
import type { Translate } from '../../src/platform/lib/i18n.ts'
import { IconButton } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { Actions, type Holder, Who } from './actions.tsx'
import { Avatar } from './avatar.tsx'
import { Composer } from './composer.tsx'
import { Dots } from './inbox-row.tsx'
import { MessageRow, PendingRow } from './message-row.tsx'
import { PaneStates } from './pane-states.tsx'
import type { ReplyHint } from './reply-hint.tsx'
import { StreamFilter } from './stream-filter.tsx'
import type { Person } from './visitor.ts'
import { Where, type Whereabouts } from './where.tsx'

export type OpenConversation = OpenLog & {
  conversation: ConversationRow
  contact: Person['contact']
  where: Whereabouts
  /** What of the address is about the list: the links of the pane keep it. */
  list: string
  holder: Holder
  /** Where an answer goes, if its reader has left. */
  hint: ReplyHint | null
  /** For a browser without script: the form's own key. */
  clientId: string
}

/** What comes when it is first asked for: the addresses of the scripts that show the picker and the panel. */
type Scripts = { emoji: string; templates: string }

/** The middle pane: who, the log, what is being typed, and the answer. */
export function ConversationPane(props: { t: Translate; open: OpenConversation; scripts: Scripts }) {
  const { t, open, scripts } = props
  const { conversation, contact, where, list, holder, hint, clientId, stretch } = open
  const { id, visitorId } = conversation
  return (
    <section
      class="conversation"
      id="conversation"
      data-conversation={id}
      data-copied={t('console.link.copied')}
      aria-labelledby="who"
    >
      <header class="pane-bar">
        <a class="icon-button to-list" data-narrow href={`/inbox?${list}`} aria-label={t('console.back')}>
          <Icon name="back" flip />
        </a>
        <div class="whois">
          <h1 class="cut" id="who">
            <Who t={t} visitorId={visitorId} contact={contact} />
          </h1>
          <p class="cut" id="where">
            <Where t={t} {...where} />
          </p>
        </div>
        <StreamFilter t={t} of={stretch.of} />
        <Actions t={t} conversation={conversation} holder={holder} />
        <a class="icon-button to-card" href={`/c/${id}?${list}&show=card`}>
          <span class="said">{t('console.card.show')}</span>
          <Avatar visitorId={visitorId} contact={contact} size="m" />
        </a>
      </header>
      <div id="notice" />
      <Stream t={t} open={open} />
      <div class="latest-place">
        <button class="button latest" id="latest" type="button" hidden>
          <Icon name="down" small />
          {t('console.latest')}
          <span class="count" />
        </button>
      </div>
      <Composer t={t} id={id} clientId={clientId} hint={hint} {...scripts} />
      <template id="pending-row">
        <PendingRow t={t} />
      </template>
      <template id="copy-link">
        <IconButton icon="link" label={t('console.link.copy')} data-do="copy-link" />
      </template>
      <template id="new-line">
        <li class="new-line">{t('console.new')}</li>
      </template>
      <PaneStates t={t} />
    </section>
  )
}

/** The log: a stretch of it, which the browser moves along as one scrolls. */
function Stream({ t, open: { stretch, newAfter, visitorRead } }: { t: Translate; open: OpenConversation }) {
  const { entries, from, to, lastSeq, of } = stretch
  return (
    <div class="stream" id="stream" tabIndex={0} role="region" aria-label={t('console.messages')}>
      <p class="filtered" id="filtered" hidden={of === null}>
        {t('console.stream.filtered')}{' '}
        <button class="link" type="button" data-do="show-all">
          {t('console.stream.show_all')}
        </button>
      </p>
      <p class="reach" id="earlier" hidden={from <= 1}>
        <button class="button" type="button" data-kind="quiet" data-do="earlier">
          {t('console.earlier')}
        </button>
        <span role="status" data-failed hidden>
          {t('console.earlier.failed')}
        </span>
      </p>
      <ol
        id="messages"
        data-from-seq={from}
        data-to-seq={to}
        data-last-seq={lastSeq}
        data-new-after={newAfter ?? undefined}
        data-visitor-read={visitorRead}
        data-stream={of ?? undefined}
      >
        {entries.map((entry) => (
          <MessageRow key={entry.seq} t={t} entry={entry} />
        ))}
      </ol>
      <p class="nothing" id="nothing" hidden>
        {t('console.stream.nothing')}
      </p>
      <div class="preview" id="preview" hidden>
        <p class="label">
          <Dots />
          {t('console.typing')}
        </p>
        <p class="words" dir="auto" />
      </div>
    </div>
  )
}

/** The middle pane while no conversation is open. */
export function NoConversation({ t }: { t: Translate }) {
  return (
    <section class="conversation" id="conversation" aria-labelledby="no-conversation">
      <div class="empty">
        <h2 id="no-conversation">{t('console.empty.conversation.title')}</h2>
        <p>{t('console.empty.conversation')}</p>
      </div>
      <PaneStates t={t} />
    </section>
  )
}

/** The middle pane for an address that names no conversation. */
export function UnknownConversation({ t }: { t: Translate }) {
  return (
    <section class="conversation" id="conversation" data-failed aria-labelledby="no-conversation">
      <div class="empty" role="alert">
        <h1 id="no-conversation">{t('console.conversation.unknown.title')}</h1>
        <p>{t('console.conversation.unknown')}</p>
        <a class="button" href="/inbox">
          {t('console.back')}
        </a>
      </div>
      <PaneStates t={t} />
    </section>
  )
}
