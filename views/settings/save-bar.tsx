import type { Translate } from '../../src/platform/lib/i18n.ts'
import { Button } from '../ui/button.tsx'

// Forms of plurals are told by the server: the script only counts.
const most = 30

/** The end of a `<form data-unsaved>`: says how much is unsaved, keeps it or drops it. The script shows it when needed. */
export function SaveBar({ t }: { t: Translate }) {
  const words = Array.from({ length: most }, (_, n) => t('cabinet.unsaved', { count: n + 1 }))
  return (
    <footer class="save-bar" data-words={JSON.stringify(words)} data-changed={t('cabinet.changed')} hidden>
      <p role="status" />
      <Button kind="quiet" data-do="discard">
        {t('cabinet.discard')}
      </Button>
      <Button kind="primary" type="submit">
        {t('cabinet.save')}
      </Button>
    </footer>
  )
}
