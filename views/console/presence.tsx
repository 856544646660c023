import type { Translate } from '../../src/platform/lib/i18n.ts'
import { MenuChoice } from '../ui/menu.tsx'
import { refusedInToasts } from '../ui/refused.ts'

// All windows of an agent follow at once: these two are pushed to them, and morphed where they stand.

/** The mark on one's own face in the rail, and what it means in words. */
export function PresenceMark({ t, away }: { t: Translate; away: boolean }) {
  return (
    <span class="presence-mark" id="presence-mark" data-presence={away ? 'away' : 'online'}>
      <span class="said">{t(away ? 'console.presence.away' : 'console.presence.online')}</span>
    </span>
  )
}

/** Online or away: two choices of the menu that opens at one's own face. Away, visitors are told that nobody is there. */
export function PresenceMenu({ t, away }: { t: Translate; away: boolean }) {
  return (
    <div class="presence-menu" id="presence-menu" role="group" aria-label={t('console.presence')}>
      <MenuChoice id="presence-online" on={!away} hx-delete="/account/away" hx-swap="none" {...refusedInToasts}>
        <span class="presence">{t('console.presence.online')}</span>
      </MenuChoice>
      <MenuChoice id="presence-away" on={away} hx-put="/account/away" hx-swap="none" {...refusedInToasts}>
        <span class="presence" data-is="away">
          {t('console.presence.away')}
        </span>
      </MenuChoice>
    </div>
  )
}
