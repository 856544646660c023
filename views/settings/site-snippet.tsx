import type { Translate } from '../../src/platform/lib/i18n.ts'
import { Snippet } from '../ui/snippet.tsx'
import { Question } from './question.tsx'

const platforms = ['html', 'gtm', 'shopify', 'woocommerce', 'tilda', 'bitrix', 'insales', 'prestashop'] as const

/** The line for the shop's pages, and where it goes in the shops that people have. */
export function SiteSnippet({ t, id, snippet }: { t: Translate; id: string; snippet: string }) {
  return (
    <Question id="site-snippet" title={t('cabinet.site.snippet')} hint={t('cabinet.site.snippet.hint')}>
      <div class="answer">
        <Snippet t={t} id={id} snippet={snippet} />
        <div class="platforms" role="group" aria-label={t('cabinet.site.snippet.where')}>
          {platforms.map((platform) => (
            <details key={platform} name="platform">
              <summary>{t(`cabinet.how.${platform}`)}</summary>
              <p>{t(`cabinet.how.${platform}.text`)}</p>
            </details>
          ))}
        </div>
      </div>
    </Question>
  )
}
