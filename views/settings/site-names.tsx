import type { Translate } from '../../src/platform/lib/i18n.ts'
import { Icon } from '../ui/icon.tsx'
import { FieldError, Question } from './question.tsx'

export function SiteName({ t, name, wrong }: { t: Translate; name: string; wrong: boolean }) {
  const title = t('cabinet.site.name')
  return (
    <Question id="site-name" title={title} hint={t('cabinet.site.name.hint')}>
      <div class="answer">
        <div class="field">
          <label class="said" for="name">
            {title}
          </label>
          <input
            class="input"
            id="name"
            name="name"
            type="text"
            dir="auto"
            value={name}
            maxLength={200}
            aria-invalid={wrong || undefined}
            aria-describedby={wrong ? 'name-error' : undefined}
          />
          {wrong ? <FieldError id="name-error">{t('cabinet.site.name.invalid')}</FieldError> : null}
        </div>
      </div>
    </Question>
  )
}

/** The hosts that may embed the chat: a line, of which the script makes one chip for each. */
export function SiteDomains({ t, domains, wrong }: { t: Translate; domains: string[]; wrong: string[] }) {
  const title = t('cabinet.site.domains')
  const words = {
    'data-add': t('cabinet.site.domains.add'),
    'data-remove': t('cabinet.site.domains.remove', { address: '{address}' }),
    'data-faults': JSON.stringify(wrong),
  }
  const isWrong = wrong.length > 0
  return (
    <Question id="site-domains" title={title} hint={t('cabinet.site.domains.hint')}>
      <div class="answer">
        <div class="field">
          <label class="said" for="domains">
            {title}
          </label>
          <input
            class="input"
            id="domains"
            name="domains"
            type="text"
            dir="ltr"
            spellcheck={false}
            value={domains.join(', ')}
            aria-invalid={isWrong || undefined}
            aria-describedby={isWrong ? 'domains-error' : undefined}
            data-chips
            {...words}
          />
          <template id="cross">
            <Icon name="close" small />
          </template>
          <div id="domains-error">
            {wrong.map((domain) => (
              <FieldError key={domain} id={`domain-${wrong.indexOf(domain)}`}>
                {t('cabinet.site.domains.invalid', { domain })}
              </FieldError>
            ))}
          </div>
        </div>
      </div>
    </Question>
  )
}
