import type { Translate } from '../../src/platform/lib/i18n.ts'
import type { Shell } from '../layout/console.tsx'
import { SettingsPage } from './cabinet.tsx'
import { Changed } from './changed.tsx'
import { refusedElsewhere, SaveBar } from './save-bar.tsx'
import type { SiteFormShown } from './site-form.ts'
import { SiteHours } from './site-hours.tsx'
import { SiteLook } from './site-look.tsx'
import { SiteDomains, SiteName } from './site-names.tsx'
import { SiteSnippet } from './site-snippet.tsx'
import { SiteWhen } from './site-when.tsx'

/** One site: what it is called, where it is embedded, how its chat looks, and that beside it before it is saved. */
export function SitePage({ t, assets, viewer, form, snippet }: Shell & { form: SiteFormShown; snippet: string }) {
  return (
    <SettingsPage
      t={t}
      assets={assets}
      viewer={viewer}
      current="sites"
      title={form.name}
      lead={t('cabinet.site.lead')}
      actions={
        <>
          <a class="button" data-kind="quiet" href="/settings/sites">
            {t('cabinet.site.all')}
          </a>
          <a class="button" data-kind="quiet" href={`/settings/chat?site=${form.id}`}>
            {t('cabinet.sites.chat_settings')}
          </a>
        </>
      }
    >
      <div>
        <SiteSnippet t={t} id="snippet" snippet={snippet} />
      </div>
      <SiteForm t={t} form={form} />
    </SettingsPage>
  )
}

export function SiteForm({ t, form }: { t: Translate; form: SiteFormShown }) {
  const { id, seen, refused, meanwhile, errors, wrongDomains } = form
  const known = { name: form.name, greeting: form.greeting, widget: form.widget }
  return (
    <form
      id="site-form"
      data-unsaved
      data-refused={refused ? '' : undefined}
      novalidate
      autocomplete="off"
      hx-put={`/settings/sites/${id}`}
      hx-swap="outerHTML"
      hx-sync="this:drop"
      {...refusedElsewhere}
    >
      <input type="hidden" name="seen" value={seen ?? ''} />
      {meanwhile.length > 0 ? <Changed t={t} changes={meanwhile} /> : null}
      <div class="with-preview">
        <div class="questions">
          <SiteName t={t} name={form.typed?.name ?? form.name} wrong={errors.name !== undefined} />
          <SiteDomains t={t} domains={form.domains} wrong={wrongDomains} />
          <SiteLook t={t} form={form} />
          <SiteWhen t={t} form={form} />
          <SiteHours t={t} form={form} />
        </div>
        <figure class="preview">
          <figcaption>{t('cabinet.chat.preview')}</figcaption>
          <iframe
            data-preview="look"
            data-known={JSON.stringify(known)}
            src="/settings/preview"
            title={t('cabinet.chat.preview')}
          />
          <label class="choice">
            <input type="checkbox" data-away />
            <span>{t('cabinet.look.away')}</span>
          </label>
        </figure>
      </div>
      <SaveBar t={t} wrong={firstWrong(form)} />
    </form>
  )
}

/** The fields that are wrong stand under the names they are sent by. */
function firstWrong({ errors, wrongDomains }: SiteFormShown): string | null {
  if (errors.name) return 'name'
  if (wrongDomains.length > 0) return 'domains'
  return Object.keys(errors)[0] ?? null
}
