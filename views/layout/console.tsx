import type { ComponentChildren } from 'preact'
import type { Translate } from '../../src/platform/lib/i18n.ts'
import { Document, type DocumentAssets } from '../ui/document.tsx'
import { hueOf } from '../ui/face.ts'
import { Icon } from '../ui/icon.tsx'
import { Toast } from '../ui/toast.tsx'

/** Whose window it is. */
export type Viewer = { agentId: string; name: string; mayManage: boolean; away: boolean }
export type Shell = { t: Translate; assets: DocumentAssets; viewer: Viewer }

export type Screen = 'list' | 'conversation' | 'card'

type Panes =
  | { children: ComponentChildren; list?: never; conversation?: never; card?: never; screen?: never }
  | {
      /** `#inbox`, `#conversation` and `#card`: panes of a desk, screens of a phone, of which it shows `screen`. */
      list: ComponentChildren
      conversation: ComponentChildren
      card?: ComponentChildren
      screen: Screen
      children?: never
    }

type Frame = Shell & {
  page: string
  current: 'inbox' | 'settings' | 'account'
  /** Conversations with unread messages, as the list counts them: title and favicon follow. */
  unread?: number
}

/** The frame of every signed-in page: the rail, one live connection, and the places where its state is told. */
export function ConsolePage(props: Frame & Panes) {
  const { t, assets, viewer, page, current, unread, screen, list, conversation, card, children } = props
  return (
    <Document locale={t.locale} title={t('account.title', { page })} assets={assets}>
      <div class="app">
        <div class="store-notice" id="store-notice" role="alert" />
        <div
          class="console"
          data-screen={screen}
          data-agent={viewer.agentId}
          data-page={current}
          data-unread={unread}
        >
          <Rail t={t} viewer={viewer} current={current} />
          {list === undefined ? (
            children
          ) : (
            <main class="panes">
              {list}
              {conversation}
            </main>
          )}
          {card}
        </div>
      </div>
      <div id="live" hx-ws:connect="/live" hidden />
      <p class="reconnecting" id="reconnecting" role="status" hidden>
        {t('console.reconnecting')}
      </p>
      <p class="reconnecting" id="blocked" role="status" hidden>
        {t('console.blocked')}
      </p>
      <p class="said" id="announce" aria-live="polite" />
      <div class="toasts" id="toasts" role="status" />
      <template id="toast">
        <Toast t={t} words="" undo="script" />
      </template>
    </Document>
  )
}

function Rail({ t, viewer, current }: { t: Translate; viewer: Viewer; current: string }) {
  return (
    <nav class="rail" aria-label={t('console.nav')}>
      <span class="mark">
        <Icon name="mark" />
      </span>
      <ul>
        <li>
          <a
            class="icon-button"
            href="/inbox"
            aria-label={t('console.nav.conversations')}
            aria-current={current === 'inbox' ? 'page' : undefined}
          >
            <Icon name="conversations" />
          </a>
        </li>
        {viewer.mayManage ? (
          <li>
            <a
              class="icon-button"
              href="/settings/sites"
              aria-label={t('console.nav.settings')}
              aria-current={current === 'settings' ? 'page' : undefined}
            >
              <Icon name="settings" />
            </a>
          </li>
        ) : null}
      </ul>
      <a
        class="icon-button end"
        href="/account"
        aria-label={t('console.nav.account', { name: viewer.name })}
        aria-current={current === 'account' ? 'page' : undefined}
      >
        <span class="avatar" data-size="m" data-hue={hueOf(viewer.agentId)} aria-hidden="true">
          {initials(viewer.name)}
        </span>
      </a>
    </nav>
  )
}

const initials = (name: string): string =>
  name
    .split(/\s+/u)
    .slice(0, 2)
    .map((word) => [...word][0]?.toUpperCase() ?? '')
    .join('')
