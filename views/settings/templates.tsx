import type { SiteRow } from '../../src/features/sites/index.ts'
import type { Shell } from '../layout/console.tsx'
import type { Translate } from '../../src/platform/lib/i18n.ts'
import { Icon } from '../ui/icon.tsx'
import { refusedUnsaid } from '../ui/refused.ts'
import { SettingsPage } from './cabinet.tsx'
import { type FormState, TemplateForm } from './templates-form.tsx'
import { type ListState, TemplateList } from './templates-table.tsx'

type Props = Shell & { list: ListState; form: FormState; sites: SiteRow[] }

/** The prepared answers, in the order in which agents are offered them, and beside them the one that is being written. */
export function TemplatesPage({ t, assets, viewer, list, form, sites }: Props) {
  return (
    <SettingsPage
      t={t}
      assets={assets}
      viewer={viewer}
      current="templates"
      wide
      title={t('templates.title')}
      lead={t('templates.lead')}
      actions={<Actions t={t} siteId={list.siteId} sites={sites} />}
    >
      <div class="desk" id="templates-desk" data-lost={t('templates.lost')}>
        <div
          id="template-list"
          hx-get={listAddress(list.siteId)}
          hx-trigger="templates-changed from:body throttle:250ms, list-again"
          hx-swap="innerMorph"
          {...refusedUnsaid}
        >
          <TemplateList t={t} list={list} />
        </div>
        <TemplateForm t={t} form={form} sites={sites} />
      </div>
      <p class="said" id="moved" role="status" />
      <p class="said" id="move-keys">
        {t('templates.move.keys')}
      </p>
    </SettingsPage>
  )
}

const listAddress = (siteId: string | null): string =>
  siteId === null ? '/settings/templates/list' : `/settings/templates/list?site=${siteId}`

function Actions({ t, siteId, sites }: { t: Translate; siteId: string | null; sites: SiteRow[] }) {
  return (
    <>
      <a class="button to-form" data-kind="primary" href="#template-name">
        <Icon name="add" small />
        {t('templates.new')}
      </a>
      {sites.length < 2 ? null : (
        <form class="scope" action="/settings/templates" data-goes>
          <label class="said" for="templates-site">
            {t('templates.site')}
          </label>
          <select class="select" id="templates-site" name="site">
            <option value="">{t('templates.sites.all')}</option>
            {sites.map(({ id, name }) => (
              <option key={id} value={id} selected={id === siteId}>
                {name}
              </option>
            ))}
          </select>
        </form>
      )}
      <label class="button" for="templates-file">
        <Icon name="upload" small />
        {t('templates.import')}
        <input
          class="said"
          id="templates-file"
          type="file"
          accept=".csv,text/csv,text/plain"
          data-most={1024 * 1024}
          data-too-large={t('refusals.too_large')}
        />
      </label>
      <a class="button" href="/settings/templates/export" download="templates.csv">
        <Icon name="download" small />
        {t('templates.export')}
      </a>
    </>
  )
}
