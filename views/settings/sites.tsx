import type { SiteRow } from '../../src/features/sites/index.ts'
import type { Translate } from '../../src/platform/lib/i18n.ts'
import type { Shell } from '../layout/console.tsx'
import { Button } from '../ui/button.tsx'
import { Snippet } from '../ui/snippet.tsx'
import { SettingsPage } from './cabinet.tsx'

export type SiteCard = { site: SiteRow; snippet: string }

/** Every site with its line for the shop's pages, its switch and its domains. */
export function SitesPage({ t, assets, viewer, sites }: Shell & { sites: SiteCard[] }) {
  return (
    <SettingsPage
      t={t}
      assets={assets}
      viewer={viewer}
      current="sites"
      title={t('settings.sites.title')}
      lead={t('settings.sites.lead')}
    >
      {sites.length === 0 ? <p class="question">{t('settings.sites.none')}</p> : null}
      {sites.map((card) => (
        <Site key={card.site.id} t={t} {...card} />
      ))}
    </SettingsPage>
  )
}

function Site({ t, site, snippet }: { t: Translate } & SiteCard) {
  return (
    <section class="site" aria-labelledby={`site-${site.id}`}>
      <h2 id={`site-${site.id}`} dir="auto">
        {site.name}
      </h2>
      <div class="question">
        <header>
          <h3>{t('settings.chat')}</h3>
          <p>{t('settings.chat.hint')}</p>
        </header>
        <ChatSwitch t={t} site={site} />
      </div>
      <div class="question">
        <header>
          <h3>{t('settings.snippet')}</h3>
          <p>{t('settings.snippet.hint')}</p>
        </header>
        <div class="answer">
          <Snippet t={t} id={`snippet-${site.id}`} snippet={snippet} />
        </div>
      </div>
      <div class="question">
        <header>
          <h3>{t('settings.domains')}</h3>
          <p>{site.domains.length === 0 ? null : t('settings.domains.hint')}</p>
        </header>
        <div class="answer">
          {site.domains.length === 0 ? (
            <p>{t('settings.domains.any')}</p>
          ) : (
            <ul>
              {site.domains.map((domain) => (
                <li key={domain}>
                  <bdi>{domain}</bdi>
                </li>
              ))}
            </ul>
          )}
        </div>
      </div>
    </section>
  )
}

/** The state in words and the way to the other one. */
export function ChatSwitch({ t, site }: { t: Translate; site: SiteRow }) {
  const address = `/settings/sites/${site.id}/chat`
  const told = 'target:#notice, swap:innerHTML'
  const refused = { 'hx-status:4xx': told, 'hx-status:5xx': told }
  const change = site.chatEnabled ? { 'hx-delete': address, ...refused } : { 'hx-put': address, ...refused }
  return (
    <div class="answer" id={`chat-${site.id}`}>
      <p class="status" data-is={site.chatEnabled ? 'good' : 'attention'} role="status">
        {t(site.chatEnabled ? 'settings.chat.on' : 'settings.chat.off')}
      </p>
      <Button hx-target={`#chat-${site.id}`} hx-swap="outerHTML" {...change}>
        {t(site.chatEnabled ? 'settings.chat.switch_off' : 'settings.chat.switch_on')}
      </Button>
    </div>
  )
}
