import { locales } from '../../src/platform/lib/i18n.ts'
import { themes } from '../layout/account-menu.tsx'
import { ConsolePage, type Shell } from '../layout/console.tsx'
import { Button } from '../ui/button.tsx'

/** Who is signed in, in which language they work, and the way out. */
export function OwnAccountPage(props: Shell & { email: string }) {
  const { t, assets, viewer, email } = props
  const { locale, theme } = viewer
  return (
    <ConsolePage t={t} assets={assets} viewer={viewer} page={t('account.own.title')} current="account">
      <main class="page">
        <header class="page-head">
          <h1>{t('account.own.title')}</h1>
          <p>{t('account.own.lead', { name: viewer.name, email })}</p>
        </header>
        <form class="question" method="post" action="/account/locale">
          <header>
            <h2>
              <label for="locale">{t('account.language')}</label>
            </h2>
            <p id="locale-hint">{t('account.language.hint')}</p>
          </header>
          <div class="answer">
            <select class="select" id="locale" name="locale" aria-describedby="locale-hint">
              <option value="" selected={locale === null}>
                {t('account.language.browser')}
              </option>
              {locales.map((one) => (
                <option key={one} value={one} lang={one} selected={one === locale}>
                  {t(`account.language.${one}`)}
                </option>
              ))}
            </select>
            <Button type="submit">{t('account.save')}</Button>
          </div>
        </form>
        <form class="question" method="post" action="/account/theme">
          <header>
            <h2>
              <label for="theme">{t('console.theme')}</label>
            </h2>
            <p id="theme-hint">{t('console.theme.hint')}</p>
          </header>
          <div class="answer">
            <select class="select" id="theme" name="theme" aria-describedby="theme-hint">
              <option value="" selected={theme === null}>
                {t('console.theme.system')}
              </option>
              {themes.map((one) => (
                <option key={one} value={one} selected={one === theme}>
                  {t(`console.theme.${one}`)}
                </option>
              ))}
            </select>
            <Button type="submit">{t('account.save')}</Button>
          </div>
        </form>
        <form class="question" method="post" action="/sign-out">
          <Button type="submit">{t('account.sign_out')}</Button>
        </form>
      </main>
    </ConsolePage>
  )
}
