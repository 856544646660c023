import type { ConversationRow } from '../../src/features/conversations/index.ts'
import type { Translate } from '../../src/platform/lib/i18n.ts'
import { Icon } from '../ui/icon.tsx'
import { refusedAbove, refusedUnsaid } from '../ui/refused.ts'
import { type Person, personLabel } from './visitor.ts'

/** Whose a conversation is, seen from this window. */
export type Holder = { mine: boolean; name: string }

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
  // The answer finds its own places; a target in this pane would be gone with it, and the answer too.
  const where = { 'hx-target': '#toasts', 'hx-swap': 'none', ...refusedAbove }
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
      {...refusedUnsaid}
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
