import type { Shell } from '../layout/console.tsx'
import { Button } from '../ui/button.tsx'
import { SettingsPage } from './cabinet.tsx'
import { SiteDomains, SiteName } from './site-names.tsx'

export type NewSiteShown = { name: string; domains: string[]; wrongName: boolean; wrongDomains: string[] }

/** What a new site needs; the rest it has from the house. */
export function NewSitePage({ t, assets, viewer, form }: Shell & { form: NewSiteShown }) {
  return (
    <SettingsPage
      t={t}
      assets={assets}
      viewer={viewer}
      current="sites"
      title={t('cabinet.sites.new')}
      lead={t('cabinet.sites.new.lead')}
    >
      <form method="post" action="/settings/sites" autocomplete="off" novalidate>
        <SiteName t={t} name={form.name} wrong={form.wrongName} />
        <SiteDomains t={t} domains={form.domains} wrong={form.wrongDomains} />
        <div class="foot">
          <Button kind="primary" type="submit">
            {t('cabinet.sites.create')}
          </Button>
          <a class="button" data-kind="quiet" href="/settings/sites">
            {t('cabinet.sites.cancel')}
          </a>
        </div>
      </form>
    </SettingsPage>
  )
}
