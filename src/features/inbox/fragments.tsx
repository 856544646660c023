import { MessageRow } from '../../../views/console/message-row.tsx'
import { StoreNotice } from '../../../views/console/store-notice.tsx'
import type { StoreState } from '../../platform/db/state.ts'
import { partial } from '../../platform/http/page.tsx'
import { type Locale, translator } from '../../platform/lib/i18n.ts'
import type { MessageRow as Entry } from '../conversations/index.ts'

/** Why nothing can be kept, or nothing once it can. */
export const storeNotice = ({ mode }: StoreState, locale: Locale): string =>
  partial('#store-notice', 'innerHTML', mode === 'ok' ? [] : <StoreNotice t={translator(locale)} mode={mode} />)

/** A place in the open conversation, if it is this one: a window may have opened another meanwhile. */
export const inConversation = (id: string, place: string): string => `#conversation[data-conversation='${id}'] ${place}`

/** An entry for whoever has its conversation open: the row of the page, appended. */
export const entryPushed = (entry: Entry, locale: Locale): string =>
  partial(
    inConversation(entry.conversationId, '#messages'),
    'beforeend',
    <MessageRow t={translator(locale)} entry={entry} />,
  )
