import type { ContactEdit } from '../../src/features/contacts/index.ts'
import type { Key, Translate } from '../../src/platform/lib/i18n.ts'
import { sumWords } from '../ui/money.ts'
import { Time } from '../ui/time.tsx'
import { shortId } from './visitor.ts'

type Attributes = { of?: unknown; [name: string]: unknown }

/** What was changed by hand of an address, an order or containers, attribute by attribute; or with whom a visitor was linked. */
export function HandEdit({ t, edit }: { t: Translate; edit: ContactEdit }) {
  const { field, before, after } = edit
  if (field === 'link') return <LinkEdit t={t} visitorId={after ?? before ?? ''} linked={after !== null} />
  if (field === 'name' || field === 'email' || field === 'phone') return null
  const [was, is] = [attributesIn(before), attributesIn(after)]
  const names = attributeNames.filter((name) => was?.[name] != null || is?.[name] != null)
  return (
    <span class="values">
      {is === null ? <em>{t('clients.edit.removed')}</em> : null}
      {names.map((name) => (
        <span class="attribute" key={name}>
          {t(labels[name])}: <Changed t={t} name={name} was={was?.[name]} is={is?.[name]} />
        </span>
      ))}
    </span>
  )
}

/** What it was that was changed. */
export function handEditLabel(t: Translate, { field, before, after }: ContactEdit): string {
  if (field === 'name' || field === 'email' || field === 'phone') return t(`console.card.${field}`)
  const of = field === 'link' ? shortId(after ?? before ?? '') : attributesIn(after ?? before)?.of
  return t(`clients.edit.${field}`, { of: typeof of === 'string' ? of : '' })
}

function LinkEdit({ t, linked }: { t: Translate; visitorId: string; linked: boolean }) {
  return <span class="values">{t(linked ? 'clients.edit.linked' : 'clients.edit.unlinked')}</span>
}

function Changed({ t, name, was, is }: { t: Translate; name: string; was: unknown; is: unknown }) {
  return (
    <>
      {was == null ? null : (
        <del>
          <Value t={t} name={name} value={was} />
        </del>
      )}{' '}
      {is == null ? null : (
        <ins>
          <Value t={t} name={name} value={is} />
        </ins>
      )}
    </>
  )
}

function Value({ t, name, value }: { t: Translate; name: string; value: unknown }) {
  if ((name === 'placedAt' || name === 'at') && typeof value === 'number') return <Time at={value} />
  if (typeof value === 'boolean') return t(value ? 'clients.edit.yes' : 'clients.edit.no')
  if (typeof value === 'object' && value !== null && 'minor' in value && 'currency' in value)
    return <bdi>{sumWords(t.locale, Number(value.minor), String(value.currency))}</bdi>
  return <bdi>{String(value)}</bdi>
}

const labels = {
  address: 'clients.address.street',
  zone: 'clients.zone',
  district: 'clients.address.district',
  main: 'clients.address.main',
  number: 'clients.order.number.label',
  placedAt: 'clients.order.placed',
  sum: 'clients.order.sum',
  status: 'clients.order.status',
  lines: 'clients.order.lines',
  type: 'clients.movement.type',
  delivered: 'clients.movement.delivered',
  returned: 'clients.movement.returned',
  at: 'clients.movement.at',
  note: 'clients.note',
} as const satisfies Record<string, Key>
const attributeNames = Object.keys(labels) as (keyof typeof labels)[]

/** What is kept is ours; what cannot be read is not shown. */
function attributesIn(json: string | null): Attributes | null {
  if (json === null) return null
  try {
    const value: unknown = JSON.parse(json)
    return typeof value === 'object' && value !== null ? (value as Attributes) : {}
  } catch {
    return {}
  }
}
