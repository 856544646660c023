import type { Translate } from '../../src/platform/lib/i18n.ts'

/** The line for a shop's pages, ready to be copied. */
export function Snippet({ t, id, snippet }: { t: Translate; id: string; snippet: string }) {
  return (
    <span class="snippet">
      <code id={id} dir="ltr">
        {snippet}
      </code>
      <button class="button" type="button" data-copy={id} data-copied={t('settings.snippet.copied')}>
        {t('settings.snippet.copy')}
      </button>
    </span>
  )
}
