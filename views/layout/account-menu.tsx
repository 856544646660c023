import { locales, type Translate } from '../../src/platform/lib/i18n.ts'
import { PresenceMenu } from '../console/presence.tsx'
import { Icon } from '../ui/icon.tsx'
import { Menu, MenuChoice, MenuGroup, MenuItem, MenuLink } from '../ui/menu.tsx'
import type { Viewer } from './console.tsx'

export const accountMenuId = 'account-menu'
export const themes = ['light', 'dark'] as const

/** What an agent sets for themselves, and the way out. */
export function AccountMenu({ t, viewer }: { t: Translate; viewer: Viewer }) {
  const { name, away, theme, locale } = viewer
  return (
    <Menu id={accountMenuId} label={t('console.nav.account', { name })}>
      <PresenceMenu t={t} away={away} />
      <hr />
      <MenuGroup label={t('console.theme')}>
        <MenuChoice on={theme === null} data-theme-choice="">
          {t('console.theme.system')}
        </MenuChoice>
        {themes.map((one) => (
          <MenuChoice key={one} on={theme === one} data-theme-choice={one}>
            {t(`console.theme.${one}`)}
          </MenuChoice>
        ))}
      </MenuGroup>
      <hr />
      <MenuGroup label={t('account.language')}>
        <Language on={locale === null} locale="">
          {t('account.language.browser')}
        </Language>
        {locales.map((one) => (
          <Language key={one} on={locale === one} locale={one}>
            {t(`account.language.${one}`)}
          </Language>
        ))}
      </MenuGroup>
      <hr />
      <MenuItem icon="bell" data-action="notices">
        {t('console.keys.notices')}
      </MenuItem>
      <MenuItem icon="keyboard" data-action="keys">
        {t('console.keys.keys')}
      </MenuItem>
      <MenuLink icon="visitor" href="/account">
        {t('account.own.title')}
      </MenuLink>
      <form method="post" action="/sign-out" role="none">
        <button id="sign-out" role="menuitem" type="submit" tabIndex={-1}>
          <Icon name="sign_out" small />
          <span>{t('account.sign_out')}</span>
        </button>
      </form>
    </Menu>
  )
}

/** The page comes again in the language; what was typed waits in this browser. */
function Language({ on, locale, children }: { on: boolean; locale: string; children: string }) {
  return (
    <MenuChoice
      on={on}
      lang={locale === '' ? undefined : locale}
      hx-post="/account/locale"
      hx-swap="none"
      hx-vals={JSON.stringify({ locale })}
    >
      {children}
    </MenuChoice>
  )
}
