import type { ComponentChildren } from 'preact'
import type { Translate } from '../../src/platform/lib/i18n.ts'
import { ConsolePage, type Screen, type Shell } from '../layout/console.tsx'
import { Icon } from '../ui/icon.tsx'
import { findEntries } from './entries.ts'
import { type SettingsPageName, settingsGroups } from './pages.ts'

type SettingsProps = Shell & {
  /** Null: none of them, but the search. */
  current: SettingsPageName | null
  q?: string
  title: string
  lead: string
  /** On a phone: the menu, or the page. */
  screen?: Screen | undefined
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
  const { t, assets, viewer, current, title, lead, actions, changes = true, q, screen, wide, children } = props
  return (
    <ConsolePage t={t} assets={assets} viewer={viewer} page={title} current="settings" screen={screen}>
      <SettingsMenu t={t} current={current} {...(q === undefined ? {} : { q })} />
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
            {changes && current !== null ? (
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

/** What the search finds, in place of the menu while there is something to look for. */
export function SettingsFound({ t, q }: { t: Translate; q: string }) {
  const found = findEntries(t, q)
  const isAsked = q.trim() !== ''
  return (
    <div id="settings-found" role="status" data-asked={isAsked ? '' : undefined}>
      {isAsked && found.length === 0 ? <p class="hint">{t('cabinet.search.none')}</p> : null}
      {found.length === 0 ? null : (
        <ul aria-label={t('cabinet.search.found')}>
          {found.map(({ label, href }) => (
            <li key={`${label} ${href}`}>
              <a href={href}>{t(label)}</a>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

/** The pages of the cabinet; on a phone a screen of its own, one step before them. */
export function SettingsMenu({ t, current, q }: { t: Translate; current: SettingsPageName | null; q?: string }) {
  return (
    <nav class="side-menu" aria-label={t('cabinet.title')}>
      <form
        class="search"
        role="search"
        action="/settings/search"
        hx-get="/settings/search"
        hx-trigger="input delay:150ms from:#settings-q"
        hx-target="#settings-found"
        hx-swap="outerHTML"
        hx-sync="this:replace"
      >
        <Icon name="search" small />
        <label class="said" for="settings-q">
          {t('cabinet.search')}
        </label>
        <input id="settings-q" type="search" name="q" value={q} placeholder={t('cabinet.search')} autocomplete="off" />
      </form>
      <SettingsFound t={t} q={q ?? ''} />
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
