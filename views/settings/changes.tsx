import type { ChangedFields } from '../../src/features/settings/index.ts'
import type { Translate } from '../../src/platform/lib/i18n.ts'
import type { Shell } from '../layout/console.tsx'
import { Empty } from '../ui/empty.tsx'
import { Pager } from '../ui/pager.tsx'
import { Time } from '../ui/time.tsx'
import { SettingsPage } from './cabinet.tsx'
import type { ChangeShown } from './change-shown.ts'
import { fieldName, valueInWords } from './change-words.ts'
import { type SettingsPageName, settingsGroups } from './pages.ts'

export type ChangesPage = { changes: ChangeShown[]; first: boolean; next: string | null }

/** Who changed what on a page of the cabinet, and when, a page at a time. */
export function ChangesOf(props: Shell & { of: SettingsPageName; found: ChangesPage }) {
  const { t, assets, viewer, of, found } = props
  const about = settingsGroups.flatMap(({ pages }) => pages).find(({ name }) => name === of)
  const address = `/settings/changes?page=${of}`
  return (
    <SettingsPage
      t={t}
      assets={assets}
      viewer={viewer}
      current={of}
      title={t('cabinet.changes.title', { page: about ? t(about.label) : '' })}
      lead={t('cabinet.changes.lead')}
      changes={false}
      actions={
        <a class="button" data-kind="quiet" href={about?.href}>
          {t('cabinet.changes.back')}
        </a>
      }
    >
      {found.changes.length === 0 ? (
        <Empty title={t('cabinet.changes.none')}>
          <p>{t('cabinet.changes.none.hint')}</p>
        </Empty>
      ) : (
        <ol class="changes">
          {found.changes.map((change) => (
            <Change key={change.id} t={t} change={change} />
          ))}
        </ol>
      )}
      <Pager
        t={t}
        previous={found.first ? null : address}
        next={found.next === null ? null : `${address}&before=${found.next}`}
      />
    </SettingsPage>
  )
}

function Change({ t, change }: { t: Translate; change: ChangeShown }) {
  const { who, at, subject, kind, fields } = change
  return (
    <li id={`change-${change.id}`}>
      <p class="change-head">
        <strong>
          <bdi>{who ?? t('cabinet.changes.house')}</bdi>
        </strong>
        <Time at={at} />
        {subject === null ? null : <bdi class="tag">{subject}</bdi>}
        <span class="faint">{t(`cabinet.changes.${kind}`)}</span>
      </p>
      {kind === 'changed' ? <ChangeFields t={t} fields={fields} /> : null}
    </li>
  )
}

/** What was, and what is, field by field. */
export function ChangeFields({ t, fields }: { t: Translate; fields: ChangedFields }) {
  return (
    <dl class="change-fields">
      {Object.entries(apart(fields)).map(([field, { before, after }]) => (
        <div key={field}>
          <dt>{fieldName(t, field)}</dt>
          <dd>
            <span class="said">{t('cabinet.changes.was')} </span>
            <del dir="auto">{valueInWords(t, before, field)}</del>
            <span class="said">, {t('cabinet.changes.is')} </span>
            <ins dir="auto">{valueInWords(t, after, field)}</ins>
          </dd>
        </div>
      ))}
    </dl>
  )
}

/** Of an object only the parts that were changed, each for itself. */
function apart(fields: ChangedFields): ChangedFields {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([field, change]): [string, ChangedFields[string]][] => {
      const { before, after } = change
      if (!isRecord(before) || !isRecord(after)) return [[field, change]]
      const changed = Object.keys(after).filter((part) => JSON.stringify(before[part]) !== JSON.stringify(after[part]))
      return changed.map((part) => [part, { before: before[part], after: after[part] }])
    }),
  )
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
