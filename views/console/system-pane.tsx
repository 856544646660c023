import type { SystemMessage } from '../../src/features/system-messages/index.ts'
import type { Translate } from '../../src/platform/lib/i18n.ts'
import { Icon } from '../ui/icon.tsx'
import { Button } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'
import { RichText } from '../ui/rich-text.tsx'
import { Time } from '../ui/time.tsx'
import { PaneStates } from './pane-states.tsx'
import { SystemSign } from './system-row.tsx'
import { systemText, systemTitle, upgradeNotes } from './system-words.ts'

export type SystemPaneProps = {
  t: Translate
  messages: SystemMessage[]
  /** Up to where it was read before it was opened. */
  readAt: number
  hidden: boolean
  /** Which one was asked for. */
  open: string | null
  /** What of the address is about the list. */
  list: string
  more: string | null
}

/** The middle pane with what the system says, the newest first. */
export function SystemPane({ t, messages, readAt, hidden, open, list, more }: SystemPaneProps) {
  return (
    <section
      class="conversation system"
      id="conversation"
      data-pane="system"
      data-to={messages[0]?.createdAt}
      aria-labelledby="system-title"
    >
      <header class="pane-bar">
        <a class="icon-button to-list" data-narrow href={`/inbox?${list}`} aria-label={t('console.back')}>
          <Icon name="back" flip />
        </a>
        <div class="whois">
          <h1 class="cut" id="system-title">
            {t('console.filter.system')}
          </h1>
          <p class="cut">{t('console.system.lead')}</p>
        </div>
        {hidden ? (
          <Button id="show-system" hx-delete={`/system/hidden?${list}`} hx-swap="none">
            {t('console.system.show')}
          </Button>
        ) : (
          <Button
            id="hide-system-all"
            kind="quiet"
            aria-label={t('console.system.hide')}
            hx-put={`/system/hidden?${list}`}
            hx-swap="none"
          >
            {t('console.system.hide.short')}
          </Button>
        )}
      </header>
      <div
        class="system-messages"
        tabIndex={0}
        hx-get={`/system?${list}`}
        hx-trigger="system-changed from:body throttle:250ms"
        hx-target="#conversation"
        hx-swap="outerMorph"
      >
        {messages.length === 0 ? (
          <Empty title={t('console.system.empty.title')}>
            <p>{t('console.system.empty')}</p>
          </Empty>
        ) : (
          <ol>
            {messages.map((message) => (
              <Message
                key={message.id}
                t={t}
                message={message}
                isNew={message.createdAt > readAt}
                open={open === message.id}
              />
            ))}
          </ol>
        )}
        {more === null ? null : (
          <a class="button" href={more}>
            {t('console.list.more')}
          </a>
        )}
      </div>
      <PaneStates t={t} />
    </section>
  )
}

function Message({ t, message, isNew, open }: { t: Translate; message: SystemMessage; isNew: boolean; open: boolean }) {
  const { id, kind, link, createdAt, overAt } = message
  const text = systemText(t, message)
  const notes = upgradeNotes(t, message)
  return (
    <li id={`m-${id}`} aria-current={open ? 'true' : undefined} data-new={isNew ? '' : undefined}>
      <SystemSign kind={kind} />
      <article>
        <h2 dir="auto">{systemTitle(t, message)}</h2>
        <p class="about">
          {isNew ? <span class="new-mark">{t('console.new')}</span> : null}
          <span>{t(`console.system.kind.${kind}`)}</span>
          <Time at={createdAt} />
          {overAt === null ? null : <span class="over">{t('console.system.over')}</span>}
        </p>
        {text === '' ? null : (
          <div class="text" dir="auto">
            <RichText text={text} />
          </div>
        )}
        {notes.length === 0 ? null : (
          <ul>
            {notes.map(({ version, words }) => (
              <li key={version}>
                <b>{version}</b> {words}
              </li>
            ))}
          </ul>
        )}
        {link === null ? null : <SystemLink t={t} link={link} />}
      </article>
    </li>
  )
}

function SystemLink({ t, link }: { t: Translate; link: string }) {
  const isPage = link.startsWith('/')
  return (
    <p>
      <a class="button" href={link} {...(isPage ? {} : { target: '_blank', rel: 'noreferrer noopener' })}>
        {t(isPage ? 'console.system.open' : 'console.system.read')}
      </a>
    </p>
  )
}
