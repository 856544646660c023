import type { Translate } from '../../src/platform/lib/i18n.ts'

/** What the browser shows in this pane while another conversation is on its way, and when it does not come. */
export function PaneStates({ t }: { t: Translate }) {
  return (
    <>
      <template id="pane-loading">
        <div class="pane-loading" role="status">
          <span class="said">{t('console.conversation.loading')}</span>
          <i class="skeleton" data-is="bar" />
          <i class="skeleton" data-from="visitor" />
          <i class="skeleton" data-from="agent" />
          <i class="skeleton" data-from="visitor" />
          <i class="skeleton" data-is="composer" />
        </div>
      </template>
      <template id="pane-failed">
        <section class="conversation" data-failed aria-labelledby="no-conversation">
          <div class="empty" role="alert">
            <h1 id="no-conversation">{t('console.conversation.failed.title')}</h1>
            <p>{t('console.conversation.failed')}</p>
            <button class="button" type="button" data-do="visit-again">
              {t('console.again')}
            </button>
          </div>
        </section>
      </template>
    </>
  )
}
