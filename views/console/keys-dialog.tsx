import type { Translate } from '../../src/platform/lib/i18n.ts'
import { Dialog } from '../ui/dialog.tsx'
import { type ActionGroup, actionGroups } from './action-names.ts'

export const groups = Object.keys(actionGroups) as ActionGroup[]

/** What can be done by keys: the script writes the keys beside each, and leaves out what this page cannot do. */
export function KeysDialog({ t, shown }: { t: Translate; shown?: boolean }) {
  return (
    <Dialog t={t} id="keys" title={t('console.keys')} wide {...(shown ? { shown } : {})}>
      <div
        class="body keys-body"
        data-shift={t('console.keys.on.shift')}
        data-escape={t('console.keys.on.escape')}
        data-then={t('console.keys.then')}
        data-or={t('console.keys.or')}
      >
        <label class="choice">
          <input type="checkbox" id="single-keys" />
          <span>{t('console.keys.single')}</span>
          <span class="hint">{t('console.keys.single.hint')}</span>
        </label>
        {groups.map((group) => (
          <section key={group} aria-labelledby={`keys-${group}`}>
            <h3 id={`keys-${group}`}>{t(`console.keys.in.${group}`)}</h3>
            <dl>
              {actionGroups[group].map((name) => (
                <div key={name} data-keys-of={name}>
                  <dt>{t(`console.keys.${name}`)}</dt>
                  <dd />
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  )
}
