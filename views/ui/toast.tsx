import type { Translate } from '../../src/platform/lib/i18n.ts'
import { Icon } from './icon.tsx'
import { refusedInToasts } from './refused.ts'

/** How what was done is undone: a request of its own, or by the script that said it. */
export type Undo = { method: 'put' | 'post' | 'delete'; address: string }

/** What was done, said once: it goes into `#toasts` and leaves by itself. */
export function Toast({ t, words, undo }: { t: Translate; words: string; undo?: Undo | 'script' }) {
  return (
    <p class="toast">
      <Icon name="check" />
      <span class="words">{words}</span>
      {undo === undefined ? null : (
        <button class="button" type="button" data-kind="quiet" data-undo {...(undo === 'script' ? {} : asking(undo))}>
          {t('console.toast.undo')}
        </button>
      )}
    </p>
  )
}

/** The answer finds its own places, as partials do; a refusal is said where the toast was. */
function asking({ method, address }: Undo) {
  return { [`hx-${method}`]: address, 'hx-swap': 'none', ...refusedInToasts }
}
