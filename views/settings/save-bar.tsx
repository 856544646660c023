import type { Translate } from '../../src/platform/lib/i18n.ts'
import { Button } from '../ui/button.tsx'

// Forms of plurals are told by the server: the script only counts.
const most = 30

const told = 'target:#notice, swap:innerHTML'

/**
 * For a form that comes back with its errors beside its fields (422) or with what others have saved (409): any other refusal
 * is told above it, and what was typed stays.
 */
export const refusedElsewhere = {
  'hx-status:400': told,
  'hx-status:403': told,
  'hx-status:404': told,
  'hx-status:413': told,
  'hx-status:5xx': told,
}

/**
 * The end of a `<form data-unsaved>`: says how much is unsaved, keeps it or drops it. The script shows it when needed. `wrong` is the
 * id of the first field that has to be looked at before.
 */
export function SaveBar({ t, wrong }: { t: Translate; wrong?: string | null | undefined }) {
  const words = Array.from({ length: most }, (_, n) => t('cabinet.unsaved', { count: n + 1 }))
  return (
    <footer class="save-bar" data-words={JSON.stringify(words)} data-changed={t('cabinet.changed')} hidden>
      <p role="status">
        <strong />
        {wrong ? (
          <a class="wrong" href={`#${wrong}`}>
            {t('cabinet.look_at')}
          </a>
        ) : null}
      </p>
      <Button kind="quiet" data-do="discard">
        {t('cabinet.discard')}
      </Button>
      <Button kind="primary" type="submit">
        {t('cabinet.save')}
      </Button>
    </footer>
  )
}
