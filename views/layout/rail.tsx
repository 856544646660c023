import type { ComponentChildren } from 'preact'
import type { Translate } from '../../src/platform/lib/i18n.ts'
import { PresenceMark } from '../console/presence.tsx'
import { countText } from '../ui/badge.tsx'
import { IconButton } from '../ui/button.tsx'
import { hueOf, initials } from '../ui/face.ts'
import { Icon, type IconName } from '../ui/icon.tsx'
import { AccountMenu, accountMenuId } from './account-menu.tsx'
import type { Viewer } from './console.tsx'

/** The doors of the console, on every page of it. On a phone they lie under the thumb. */
export function Rail(props: { t: Translate; viewer: Viewer; current: string; unread: number }) {
  const { t, viewer, current, unread } = props
  return (
    <nav class="rail" aria-label={t('console.nav')}>
      <a class="mark" href="/inbox" aria-label={t('console.nav.home')}>
        <Icon name="mark" />
      </a>
      <ul>
        <li>
          <Door href="/inbox" icon="conversations" label={t('console.nav.conversations')} here={current === 'inbox'}>
            <span class="unread" id="rail-unread" hidden={unread === 0}>
              <span class="said">{t('console.unread')} </span>
              <span class="count">{countText(t, unread)}</span>
            </span>
          </Door>
        </li>
        <li>
          <IconButton icon="search" label={t('console.keys.palette')} data-action="palette" aria-haspopup="dialog" />
        </li>
        {viewer.mayManage ? (
          <li>
            <Door href="/settings" icon="settings" label={t('console.nav.settings')} here={current === 'settings'} />
          </li>
        ) : null}
      </ul>
      <div class="end">
        <button
          class="icon-button"
          id="account"
          type="button"
          popovertarget={accountMenuId}
          aria-haspopup="menu"
          aria-expanded="false"
          title={viewer.name}
        >
          <span class="said">{t('console.nav.account', { name: viewer.name })}, </span>
          <span class="face-of">
            <span class="avatar" data-size="m" data-hue={hueOf(viewer.agentId)} aria-hidden="true">
              {initials(viewer.name)}
            </span>
            <PresenceMark t={t} away={viewer.away} />
          </span>
        </button>
        <AccountMenu t={t} viewer={viewer} />
      </div>
    </nav>
  )
}

type DoorProps = { href: string; icon: IconName; label: string; here: boolean; children?: ComponentChildren }

function Door({ href, icon, label, here, children }: DoorProps) {
  return (
    <a class="icon-button" href={href} title={label} aria-current={here ? 'page' : undefined}>
      <Icon name={icon} />
      <span class="said">{label}</span>
      {children}
    </a>
  )
}
