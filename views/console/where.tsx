import type { Page } from '../../src/features/conversations/index.ts'
import type { Translate } from '../../src/platform/lib/i18n.ts'
import { isWebAddress, withoutScheme } from '../ui/web-address.ts'

/** Where the visitor of a conversation is: on which page, when they are there at all. */
export type Whereabouts = { siteName: string; online: boolean; page: Page | null }

/** Whether they are there now, and on which page: asked for again when that changes. */
export function Where({ t, siteName, online, page }: { t: Translate } & Whereabouts) {
  const site = t('console.row.on', { site: siteName })
  if (!online) return <>{site}</>
  const shown = page && isWebAddress(page.url) ? page : null
  return (
    <>
      <span class="presence">{t('console.where.online')}</span>
      {shown === null ? (
        <>, {site}</>
      ) : (
        <>
          , {t('console.where.now_on')}{' '}
          <a class="link" href={shown.url} target="_blank" rel="noopener noreferrer nofollow" title={shown.url}>
            <bdi>{shown.title || withoutScheme(shown.url)}</bdi>
          </a>
        </>
      )}
    </>
  )
}
