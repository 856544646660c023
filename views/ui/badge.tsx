import type { Translate } from '../../src/platform/lib/i18n.ts'

/** How many are unread: red, exact up to 99. Nothing when none are. `unsaid` where its label says it already. */
export function Unread({ t, count, unsaid }: { t: Translate; count: number; unsaid?: boolean }) {
  if (count === 0) return null
  return (
    <span class="unread" aria-hidden={unsaid ? 'true' : undefined}>
      {unsaid ? null : <span class="said">{t('console.unread')} </span>}
      {countText(t, count)}
    </span>
  )
}

/** A number as far as it is counted. */
export const countText = (t: Translate, count: number): string => (count > 99 ? t('console.count.many') : `${count}`)
