import type { Translate } from '../../src/platform/lib/i18n.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'

/** What may be found when sound and notifications are tried: each a sentence, of which the script shows those that hold. */
export const findings = [
  'heard',
  'silent',
  'muted',
  'shown',
  'closed',
  'denied',
  'unanswered',
  'insecure',
  'unable',
] as const
export type Finding = (typeof findings)[number]

/** How this browser calls its agent, and whether it can. */
export function NoticesDialog({ t, shown }: { t: Translate; shown?: boolean }) {
  return (
    <Dialog t={t} id="notices" title={t('console.keys.notices')} {...(shown ? { shown } : {})}>
      <div class="body notices-body">
        <p class="hint">{t('console.notice.lead')}</p>
        <label class="choice">
          <input type="checkbox" id="notice-sound" />
          <span>{t('console.notice.sound')}</span>
          <span class="hint">{t('console.notice.sound.hint')}</span>
        </label>
        <label class="choice">
          <input type="checkbox" id="notice-desktop" />
          <span>{t('console.notice.desktop')}</span>
          <span class="hint">{t('console.notice.desktop.hint')}</span>
        </label>
        <Button
          id="notice-test"
          icon="bell"
          data-words={t('console.notice.test.words')}
          data-who={t('console.nav.home')}
        >
          {t('console.notice.test')}
        </Button>
        <div id="notice-findings" role="status">
          {findings.map((finding) => (
            <p key={finding} data-finding={finding} hidden>
              {t(`console.notice.found.${finding}`)}
            </p>
          ))}
        </div>
      </div>
    </Dialog>
  )
}

/** Asked at the first conversation that begins to wait, and once: where the list ends, so that nothing moves. */
export function NoticesAsk({ t }: { t: Translate }) {
  return (
    <section class="ask" id="notices-ask" aria-label={t('console.keys.notices')}>
      <p>{t('console.notice.ask')}</p>
      <div>
        <Button data-ask="yes">{t('console.notice.ask.yes')}</Button>
        <Button kind="quiet" data-ask="no">
          {t('console.notice.ask.no')}
        </Button>
      </div>
    </section>
  )
}
