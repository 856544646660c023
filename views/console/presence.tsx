import type { Translate } from '../../src/platform/lib/i18n.ts'
import { Icon } from '../ui/icon.tsx'

// All windows of an agent follow at once: these two are pushed to them, and morphed where they stand.

/** The mark on one's own face in the rail, and what it means in words. */
export function PresenceMark({ t, away }: { t: Translate; away: boolean }) {
  return (
    <span class="presence-mark" id="presence-mark" data-presence={away ? 'away' : 'online'}>
      <span class="said">{t(away ? 'console.presence.away' : 'console.presence.online')}</span>
    </span>
  )
}

/** Online or away: two items of the menu that opens at one's own face. Away, visitors are told that nobody is there. */
export function PresenceMenu({ t, away }: { t: Translate; away: boolean }) {
  return (
    <div class="presence-menu" id="presence-menu" role="group" aria-label={t('console.presence')}>
      <button
        id="presence-online"
        type="button"
        tabIndex={-1}
        role="menuitemradio"
        aria-checked={away ? 'false' : 'true'}
        data-presence="online"
        hx-delete="/account/away"
        hx-swap="none"
        {...told}
      >
        <Icon name="check" small />
        <span>{t('console.presence.online')}</span>
      </button>
      <button
        id="presence-away"
        type="button"
        tabIndex={-1}
        role="menuitemradio"
        aria-checked={away ? 'true' : 'false'}
        data-presence="away"
        hx-put="/account/away"
        hx-swap="none"
        {...told}
      >
        <Icon name="check" small />
        <span>{t('console.presence.away')}</span>
      </button>
    </div>
  )
}

const refused = 'target:#toasts, swap:beforeend'
const told = { 'hx-status:4xx': refused, 'hx-status:5xx': refused }
