import type { ContainerMovement } from '../../src/features/containers/index.ts'
import type { AddressRow } from '../../src/features/contacts/index.ts'
import type { OrderRow } from '../../src/features/orders/index.ts'
import type { ZoneRow } from '../../src/features/zones/index.ts'
import type { ComponentChildren } from 'preact'
import type { Translate } from '../../src/platform/lib/i18n.ts'
import { sumTyped } from '../ui/money.ts'
import { statusColours } from '../ui/status-colours.ts'
import { linesTyped } from './order-lines.ts'
import { ChoiceField, MomentField, Sheet, SheetForm, type SheetRefused, TextField } from './card-sheet.tsx'

type Shared = { t: Translate; id: string; refused?: SheetRefused | undefined }

type ThingProps = Shared & {
  things: 'addresses' | 'orders' | 'movements'
  /** What is changed; null: a new one. */
  one: { id: string; changedAt: number } | null
  title: string
  /** Said when it is kept, and when it is taken away. */
  said: string
  removed: string
  children: ComponentChildren
}

function ThingSheet({ t, id, refused, things, one, title, said, removed, children }: ThingProps) {
  return (
    <Sheet t={t} title={title}>
      <SheetForm
        t={t}
        action={`/c/${id}/${things}${one === null ? '' : `/${one.id}`}`}
        method={one === null ? 'POST' : 'PUT'}
        version={one?.changedAt}
        said={said}
        refused={refused}
        removal={one === null ? undefined : { words: t('clients.remove'), said: removed }}
      >
        {children}
      </SheetForm>
    </Sheet>
  )
}

/** An address, to be written by hand. */
export function AddressSheet({
  t,
  id,
  refused,
  address,
  zones,
}: Shared & { address: AddressRow | null; zones: ZoneRow[] }) {
  const none = { value: '', label: t('clients.zone.none') }
  return (
    <ThingSheet
      {...{ t, id, refused }}
      things="addresses"
      one={address}
      title={t(address === null ? 'clients.address.add' : 'clients.address.edit')}
      said={t('clients.address.saved')}
      removed={t('clients.address.removed')}
    >
      <TextField
        name="address"
        label={t('clients.address.street')}
        value={address?.address ?? ''}
        max={300}
        refused={refused}
      />
      <ChoiceField
        name="zone"
        label={t('clients.zone')}
        value={address?.zoneId ?? ''}
        options={[none, ...zones.map((zone) => ({ value: zone.id, label: zone.name }))]}
        refused={refused}
      />
      <TextField
        name="district"
        label={t('clients.address.district')}
        value={address?.district ?? ''}
        max={80}
        among={[...new Set(zones.flatMap(({ districts }) => districts))]}
        refused={refused}
      />
      <TextField name="note" label={t('clients.note')} value={address?.note ?? ''} max={500} area refused={refused} />
      <label class="tick">
        <input type="checkbox" name="main" checked={refused ? refused.typed.main === 'on' : (address?.main ?? false)} />
        {t('clients.address.main.tick')}
      </label>
    </ThingSheet>
  )
}

/** An order, to be written by hand. */
export function OrderSheet(props: Shared & { order: OrderRow | null; addresses: AddressRow[]; currency: string }) {
  const { t, id, refused, order, addresses, currency } = props
  const none = { value: '', label: t('clients.address.none') }
  return (
    <ThingSheet
      {...{ t, id, refused }}
      things="orders"
      one={order}
      title={order === null ? t('clients.order.add') : t('clients.order.edit', { number: order.number })}
      said={t('clients.order.saved')}
      removed={t('clients.order.removed', { number: order?.number ?? '' })}
    >
      <TextField
        name="number"
        label={t('clients.order.number.label')}
        value={order?.number ?? ''}
        max={40}
        refused={refused}
      />
      <MomentField name="placedAt" label={t('clients.order.placed')} at={order?.placedAt ?? null} refused={refused} />
      <div class="pair">
        <TextField
          name="sum"
          label={t('clients.order.sum')}
          value={order === null ? '' : sumTyped(order.sumMinor, order.currency)}
          max={20}
          inputmode="decimal"
          dir="ltr"
          refused={refused}
        />
        <TextField
          name="currency"
          label={t('clients.order.currency')}
          value={order?.currency ?? currency}
          max={3}
          dir="ltr"
          refused={refused}
        />
      </div>
      <div class="pair">
        <TextField
          name="status"
          label={t('clients.order.status')}
          value={order?.status ?? ''}
          max={60}
          refused={refused}
        />
        <ChoiceField
          name="statusColour"
          label={t('clients.colour')}
          value={order?.statusColour ?? 'grey'}
          options={statusColours.map((value) => ({ value, label: t(`clients.colour.${value}`) }))}
          refused={refused}
        />
      </div>
      <TextField
        name="lines"
        label={t('clients.order.lines')}
        value={order === null ? '' : linesTyped(order.lines, order.currency)}
        max={30000}
        hint={t('clients.order.lines.hint')}
        area={4}
        refused={refused}
      />
      <ChoiceField
        name="address"
        label={t('clients.address.title')}
        value={order?.addressId ?? ''}
        options={[none, ...addresses.map((address) => ({ value: address.id, label: address.address }))]}
        refused={refused}
      />
      <TextField name="note" label={t('clients.note')} value={order?.note ?? ''} max={500} area refused={refused} />
    </ThingSheet>
  )
}

/** Containers that went or came back, to be written by hand. */
export function MovementSheet(props: Shared & { movement: ContainerMovement | null; types: string[] }) {
  const { t, id, refused, movement, types } = props
  return (
    <ThingSheet
      {...{ t, id, refused }}
      things="movements"
      one={movement}
      title={t(movement === null ? 'clients.movement.add' : 'clients.movement.edit')}
      said={t('clients.movement.saved')}
      removed={t('clients.movement.removed')}
    >
      <TextField
        name="type"
        label={t('clients.movement.type')}
        value={movement?.type ?? types[0] ?? ''}
        max={60}
        among={types}
        refused={refused}
      />
      <div class="pair">
        {(['delivered', 'returned'] as const).map((name) => (
          <TextField
            key={name}
            name={name}
            label={t(`clients.movement.${name}`)}
            value={`${movement?.[name] ?? ''}`}
            max={7}
            inputmode="numeric"
            dir="ltr"
            refused={refused}
          />
        ))}
      </div>
      <MomentField name="at" label={t('clients.movement.at')} at={movement?.at ?? null} refused={refused} />
      <TextField name="note" label={t('clients.note')} value={movement?.note ?? ''} max={300} refused={refused} />
    </ThingSheet>
  )
}
