import type { Translate } from '../../src/platform/lib/i18n.ts'

/** From one page of a long list to its neighbours, by key and not by number: rows come and go meanwhile. */
export function Pager({ t, previous, next }: { t: Translate; previous: string | null; next: string | null }) {
  return (
    <nav class="pager" aria-label={t('console.pager')}>
      {previous === null ? null : (
        <a class="button" data-kind="quiet" rel="prev" href={previous}>
          {t('console.pager.previous')}
        </a>
      )}
      {next === null ? null : (
        <a class="button" data-kind="quiet" rel="next" href={next}>
          {t('console.pager.next')}
        </a>
      )}
    </nav>
  )
}
