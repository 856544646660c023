import type { Translate } from '../../src/platform/lib/i18n.ts'
import { Icon } from '../ui/icon.tsx'

/** Why nothing can be kept at the moment, for every agent, whatever page is open. */
export function StoreNotice({ t, mode }: { t: Translate; mode: 'full' | 'failed' | 'damaged' }) {
  return (
    <p>
      <Icon name="attention" small />
      {t(`console.store.${mode}`)}
    </p>
  )
}
