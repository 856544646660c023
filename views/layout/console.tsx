import type { ComponentChildren } from 'preact'
import type { Translate } from '../../src/platform/lib/i18n.ts'
import { NoticesAsk } from '../console/notices-dialog.tsx'
import { Palette } from '../console/palette.tsx'
import { Document, type DocumentAssets } from '../ui/document.tsx'
import { Problem } from '../ui/problem.tsx'
import { Toast } from '../ui/toast.tsx'
import { Rail } from './rail.tsx'

/** Whose window it is. */
export type Viewer = {
  agentId: string
  name: string
  mayManage: boolean
  away: boolean
  /** What they have chosen; null follows the browser and the system. */
  locale: string | null
  theme: 'light' | 'dark' | null
}
export type Shell = { t: Translate; assets: DocumentAssets; viewer: Viewer }

export type Screen = 'list' | 'conversation' | 'card'

type Panes =
  | { children: ComponentChildren; list?: never; conversation?: never; card?: never; screen?: Screen | undefined }
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
    <Document t={t} title={t('account.title', { page })} assets={assets} theme={viewer.theme}>
      <div class="app" data-worker={`/sw.js?lang=${t.locale}`}>
        <div class="store-notice" id="store-notice" role="alert" />
        <div class="console" data-screen={screen} data-agent={viewer.agentId} data-page={current} data-unread={unread}>
          <Rail t={t} viewer={viewer} current={current} unread={unread ?? 0} />
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
      <Palette t={t} />
      <template id="toast">
        <Toast t={t} words="" undo="script" />
      </template>
      <template id="notices-ask-template">
        <NoticesAsk t={t} />
      </template>
      <template id="unreachable">
        <Problem t={t} sentence={t('console.dialog.away')} />
      </template>
    </Document>
  )
}
