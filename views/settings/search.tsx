import type { Shell } from '../layout/console.tsx'
import { SettingsPage } from './cabinet.tsx'

/** The menu as a page: on a phone the first screen of the cabinet, and where a search leads that is not typed only. */
export function SettingsSearch({ t, assets, viewer, q }: Shell & { q: string }) {
  return (
    <SettingsPage
      t={t}
      assets={assets}
      viewer={viewer}
      current={null}
      title={t('cabinet.search.title')}
      lead={q === '' ? t('cabinet.search.choose') : t('cabinet.search.lead', { q })}
      q={q}
      screen="list"
    >
      {null}
    </SettingsPage>
  )
}
