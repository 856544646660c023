import type { Translate } from '../../src/platform/lib/i18n.ts'
import { IconButton } from '../ui/button.tsx'

// Where the script puts a number, in whatever order a language has it.
const count = '…count…'

/** What is offered to answer with, above the answer: by `/` in it, or by its button, with a line of its own to search in. */
export function TemplatePanel({ t, script }: { t: Translate; script: string }) {
  return (
    <div
      class="templates"
      id="templates"
      data-script={script}
      data-count={t('templates.panel.count', { count })}
      hidden
    >
      <input
        class="input"
        id="templates-query"
        type="text"
        role="combobox"
        aria-label={t('templates.panel.search')}
        aria-expanded="true"
        aria-controls="templates-list"
        aria-autocomplete="list"
        autocomplete="off"
        spellcheck={false}
        maxLength={40}
        dir="auto"
        enterkeyhint="go"
        placeholder={t('templates.panel.search')}
        hidden
      />
      <div role="listbox" id="templates-list" aria-label={t('templates.panel')} hidden />
      <div class="shown" role="region" tabIndex={0} aria-label={t('templates.panel.preview')}>
        <h2>{t('templates.panel.preview')}</h2>
        <p dir="auto" />
      </div>
      <p class="none" data-is="none" hidden>
        {t('templates.panel.none')}
      </p>
      <p class="none" data-is="empty" hidden>
        {t('templates.panel.empty')}
      </p>
      <p class="none" data-is="failed" role="alert" hidden>
        {t('templates.panel.failed')}
      </p>
      <footer>
        <span>
          <kbd>↑</kbd>
          <kbd>↓</kbd> {t('templates.panel.choose')}
        </span>
        <span>
          <kbd>{t('templates.panel.enter')}</kbd> {t('templates.panel.take')}
        </span>
        <span>
          <kbd>{t('templates.panel.escape')}</kbd> {t('templates.panel.close')}
        </span>
        <a class="link" href="/settings/templates">
          {t('templates.panel.edit')}
        </a>
      </footer>
      <p class="said" role="status" />
    </div>
  )
}

export const TemplateButton = ({ t }: { t: Translate }) => (
  <IconButton
    icon="template"
    label={t('templates.panel.open')}
    data-do="templates"
    aria-expanded="false"
    aria-controls="templates"
  />
)
