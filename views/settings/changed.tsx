import type { Translate } from '../../src/platform/lib/i18n.ts'
import { Icon } from '../ui/icon.tsx'
import { ChangeFields } from './changes.tsx'
import type { ChangeShown } from './change-shown.ts'

/** What somebody else has saved while this was being typed. */
export function Changed({ t, changes }: { t: Translate; changes: ChangeShown[] }) {
  const who = [...new Set(changes.map((change) => change.who ?? t('cabinet.changes.house')))].join(', ')
  return (
    <div class="problem" role="alert" id="meanwhile" tabIndex={-1}>
      <Icon name="attention" />
      <div>
        <p>{t('cabinet.meanwhile', { who })}</p>
        {changes.map((change) => (
          <ChangeFields key={change.id} t={t} fields={change.fields} />
        ))}
      </div>
    </div>
  )
}
