import type { ComponentChildren } from 'preact'
import type { Translate } from '../../src/platform/lib/i18n.ts'
import { ConsolePage, type Shell } from '../layout/console.tsx'
import { Icon } from '../ui/icon.tsx'
import { type SettingsPageName, settingsGroups } from './pages.ts'

type SettingsProps = Shell & {
  current: SettingsPageName
  title: string
  lead: string
  /** What stands beside the title: a choice of site, buttons. */
  actions?: ComponentChildren
  /** Whether what was changed here is linked; it is, but on the page that lists it. */
  changes?: boolean
  /** A page of a table takes all the room that there is. */
  wide?: boolean
  children: ComponentChildren
}

/** A page of the cabinet: the menu of all of them, its title, and what it is about. */
export function SettingsPage(props: SettingsProps) {
  const { t, assets, viewer, current, title, lead, actions, changes = true, wide, children } = props
  return (
    <ConsolePage t={t} assets={assets} viewer={viewer} page={title} current="settings">
      <SettingsMenu t={t} current={current} />
      <main class="page">
        <header class="page-head" data-wide={wide ? '' : undefined}>
          <div>
            <a class="button to-menu" data-kind="quiet" href="/settings/search">
              <Icon name="back" small flip />
              {t('cabinet.menu.back')}
            </a>
            <h1>{title}</h1>
            <p>{lead}</p>
          </div>
          <div class="acts">
            {actions}
            {changes ? (
              <a class="button" data-kind="quiet" href={`/settings/changes?page=${current}`}>
                <Icon name="history" small />
                {t('cabinet.changes')}
              </a>
            ) : null}
          </div>
        </header>
        <div id="notice" />
        {children}
      </main>
    </ConsolePage>
  )
}

/** The pages of the cabinet; on a phone a screen of its own, one step before them. */
export function SettingsMenu({ t, current, q }: { t: Translate; current: SettingsPageName | null; q?: string }) {
  return (
    <nav class="side-menu" aria-label={t('cabinet.menu')}>
      <form class="search" role="search" action="/settings/search">
        <Icon name="search" small />
        <label class="said" for="settings-q">
          {t('cabinet.search')}
        </label>
        <input id="settings-q" type="search" name="q" value={q} placeholder={t('cabinet.search')} autocomplete="off" />
      </form>
      {settingsGroups.map(({ label, pages }) => (
        <section key={label}>
          <h2>{t(label)}</h2>
          <ul>
            {pages.map((page) => (
              <li key={page.name}>
                <a href={page.href} aria-current={page.name === current ? 'page' : undefined}>
                  <Icon name={page.icon} />
                  {t(page.label)}
                </a>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </nav>
  )
}
