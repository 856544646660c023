import type { ConversationRow, Folder, MessageRow as Entry } from '../../src/features/conversations/index.ts'
import type { Translate } from '../../src/platform/lib/i18n.ts'
import { Icon } from '../ui/icon.tsx'
import { Dots } from './inbox-row.tsx'
import { MessageRow, PendingRow } from './message-row.tsx'
import { type Person, personLabel } from './visitor.ts'

/** Whose a conversation is, seen from this window. */
export type Holder = { mine: boolean; name: string }

export type OpenConversation = {
  conversation: ConversationRow
  contact: Person['contact']
  siteName: string
  folder: Folder
  holder: Holder
  entries: Entry[]
  visitorRead: number
  /** For a browser without script: the form's own key. */
  clientId: string
}

/** The middle pane: who, the log, what is being typed, and the answer. */
export function ConversationPane({ t, open }: { t: Translate; open: OpenConversation }) {
  const { conversation, contact, siteName, folder, holder, entries, visitorRead, clientId } = open
  const { id, visitorId } = conversation
  return (
    <section class="conversation" id="conversation" data-conversation={id} aria-labelledby="who">
      <header class="pane-bar">
        <a class="icon-button to-list" href={`/inbox?folder=${folder}`} aria-label={t('console.back')}>
          <Icon name="back" flip />
        </a>
        <div class="whois">
          <h1 class="cut" id="who">
            <Who t={t} visitorId={visitorId} contact={contact} />
          </h1>
          <p class="cut">{t('console.row.on', { site: siteName })}</p>
        </div>
        <Actions t={t} conversation={conversation} holder={holder} />
      </header>
      <div id="notice" />
      <div class="stream" id="stream" tabIndex={0} role="region" aria-label={t('console.messages')}>
        <div id="earlier">{earlier(t, id, entries)}</div>
        <ol id="messages" data-visitor-read={visitorRead}>
          {entries.map((entry) => (
            <MessageRow key={entry.seq} t={t} entry={entry} />
          ))}
        </ol>
        <div class="preview" id="preview" hidden>
          <p class="label">
            <Dots />
            {t('console.typing')}
          </p>
          <p class="words" dir="auto" />
        </div>
      </div>
      <button class="button latest" id="latest" type="button" hidden>
        <Icon name="down" small />
        {t('console.latest')}
        <span class="count" />
      </button>
      <Composer t={t} id={id} clientId={clientId} />
      <template id="pending-row">
        <PendingRow t={t} />
      </template>
      <PaneStates t={t} />
    </section>
  )
}

/** Whom the conversation is with: asked for again together with the actions. */
export function Who({ t, ...person }: { t: Translate } & Person) {
  const name = personLabel(t, person)
  return <bdi title={name}>{name}</bdi>
}

/**
 * What can be done with it now, and by whom it is held: asks for itself again when the conversation changed. Morphed, not
 * replaced: a change that comes while it asks waits at this very element, and would be gone with it.
 */
export function Actions(props: { t: Translate; conversation: ConversationRow; holder: Holder }) {
  const { t, conversation, holder } = props
  const { id, state } = conversation
  const told = 'target:#notice, swap:innerHTML'
  const where = { 'hx-target': '#actions', 'hx-swap': 'outerMorph', 'hx-status:4xx': told, 'hx-status:5xx': told }
  const unlessRefused = { 'hx-status:4xx': 'swap:none', 'hx-status:5xx': 'swap:none' }
  return (
    <div
      class="actions"
      id="actions"
      hx-get={`/c/${id}/actions`}
      hx-trigger="conversation-changed from:body"
      hx-sync="this:queue last"
      hx-swap="outerMorph"
      data-state={state}
      data-mine={holder.mine ? '' : undefined}
      {...unlessRefused}
    >
      <p class="state">{stateOf(t, conversation, holder)}</p>
      {state === 'waiting' ? (
        <button id="take" class="button" type="button" data-kind="primary" hx-put={`/c/${id}/take`} {...where}>
          {t('console.take')}
        </button>
      ) : null}
      {state === 'finished' ? (
        <button id="reopen" class="button" type="button" hx-delete={`/c/${id}/closure`} {...where}>
          {t('console.reopen')}
        </button>
      ) : (
        <button id="finish" class="button" type="button" hx-put={`/c/${id}/closure`} {...where}>
          <Icon name="check" small />
          <span class="word">{t('console.finish')}</span>
        </button>
      )}
    </div>
  )
}

function stateOf(t: Translate, { state }: ConversationRow, { mine, name }: Holder): string {
  if (state === 'waiting') return t('console.state.waiting')
  if (state === 'finished') return t('console.state.finished')
  return mine ? t('console.state.mine') : t('console.state.taken', { name })
}

/** The way to what stands before the first entry shown, if anything does: the log begins at 1. */
function earlier(t: Translate, id: string, entries: Entry[]) {
  const first = entries[0]?.seq ?? 1
  return first > 1 ? <Earlier t={t} id={id} before={first} /> : null
}

export function Earlier({ t, id, before }: { t: Translate; id: string; before: number }) {
  return (
    <button
      class="button"
      type="button"
      data-kind="quiet"
      hx-get={`/c/${id}/entries?before=${before}`}
      hx-target="#messages"
      hx-swap="afterbegin"
    >
      {t('console.earlier')}
    </button>
  )
}

function Composer({ t, id, clientId }: { t: Translate; id: string; clientId: string }) {
  return (
    <>
      <p class="closed-note">{t('console.reply.finished')}</p>
      <form class="composer" id="reply" method="post" action={`/c/${id}/messages`}>
        <input type="hidden" name="clientId" value={clientId} />
        <label class="said" for="body">
          {t('console.reply')}
        </label>
        <textarea
          id="body"
          name="body"
          rows={1}
          maxLength={8000}
          dir="auto"
          required
          placeholder={t('console.reply.placeholder')}
          data-takes={t('console.reply.takes')}
          aria-describedby="reply-keys"
          enterkeyhint="send"
        />
        <div class="tools">
          <span class="keys" id="reply-keys">
            {t('console.reply.keys')}
          </span>
          <button class="button" type="submit" data-kind="primary">
            {t('console.send')}
            <Icon name="send" small flip />
          </button>
        </div>
      </form>
    </>
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
    <section class="conversation" id="conversation" aria-labelledby="no-conversation">
      <div class="empty" role="alert">
        <h2 id="no-conversation">{t('console.conversation.unknown.title')}</h2>
        <p>{t('console.conversation.unknown')}</p>
        <a class="button" href="/inbox">
          {t('console.back')}
        </a>
      </div>
      <PaneStates t={t} />
    </section>
  )
}

/** What the browser shows in this pane while another conversation is on its way, and when it does not come. */
function PaneStates({ t }: { t: Translate }) {
  return (
    <>
      <template id="pane-loading">
        <div class="pane-loading" role="status">
          <span class="said">{t('console.conversation.loading')}</span>
          <i class="skeleton" data-is="bar" />
          <i class="skeleton" data-from="visitor" />
          <i class="skeleton" data-from="agent" />
          <i class="skeleton" data-from="visitor" />
          <i class="skeleton" data-is="composer" />
        </div>
      </template>
      <template id="pane-failed">
        <section class="conversation" data-failed aria-labelledby="no-conversation">
          <div class="empty" role="alert">
            <h2 id="no-conversation">{t('console.conversation.failed.title')}</h2>
            <p>{t('console.conversation.failed')}</p>
            <button class="button" type="button" data-do="visit-again">
              {t('console.again')}
            </button>
          </div>
        </section>
      </template>
    </>
  )
}
