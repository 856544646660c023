import type { ZoneRow } from '../../src/features/zones/index.ts'
import type { Translate } from '../../src/platform/lib/i18n.ts'
import { dayWords } from '../console/card-client.tsx'
import { ChoiceField, Sheet, SheetForm, type SheetRefused, TextField } from '../console/card-sheet.tsx'
import type { Shell } from '../layout/console.tsx'
import { IconButton } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'
import { Icon } from '../ui/icon.tsx'
import { sumTyped, sumWords } from '../ui/money.ts'
import { Zone } from '../ui/zone.tsx'
import { type ZoneColour, zoneColours } from '../ui/zone-colours.ts'
import { SettingsPage } from './cabinet.tsx'

/** The cabinet's page of delivery zones, in the shop's own order. */
export function ZonesPage({ t, assets, viewer, zones }: Shell & { zones: ZoneRow[] }) {
  return (
    <SettingsPage
      t={t}
      assets={assets}
      viewer={viewer}
      current="zones"
      title={t('cabinet.page.zones')}
      lead={t('clients.zones.lead')}
      actions={
        <button class="button" data-kind="primary" type="button" data-sheet="/settings/zones/new">
          <Icon name="add" small />
          {t('clients.zones.create')}
        </button>
      }
    >
      <div
        class="zones"
        id="zones"
        data-failed={t('console.card.failed')}
        hx-get="/settings/zones/list"
        hx-trigger="zones-changed from:body throttle:250ms"
        hx-swap="innerMorph"
      >
        <ZoneList t={t} zones={zones} />
      </div>
      <p class="said" id="zones-keys">
        {t('clients.zones.move.keys')}
      </p>
      <p
        class="said"
        id="zones-moved"
        role="status"
        data-words={t('clients.zones.moved', { name: '…name…', place: '…place…' })}
      />
    </SettingsPage>
  )
}

/** The list alone, as the page holds it and as it is asked for again. */
export function ZoneList({ t, zones }: { t: Translate; zones: ZoneRow[] }) {
  if (zones.length === 0)
    return (
      <Empty title={t('clients.zones.none')}>
        <p>{t('clients.zones.none.hint')}</p>
      </Empty>
    )
  return (
    <ol class="zone-rows" id="zone-rows">
      {zones.map((zone) => (
        <ZoneItem key={zone.id} t={t} zone={zone} />
      ))}
    </ol>
  )
}

function ZoneItem({ t, zone }: { t: Translate; zone: ZoneRow }) {
  const { id, name, districts, days, minimumMinor, currency, note } = zone
  const address = `/settings/zones/${id}`
  const conditions = [
    days.length === 0 ? null : dayWords(t.locale, days),
    minimumMinor === null || currency === null
      ? null
      : t('clients.zones.from', { sum: sumWords(t.locale, minimumMinor, currency) }),
  ].filter((one) => one !== null)
  return (
    <li id={`zone-${id}`} data-zone={id} data-name={name}>
      <button
        class="icon-button"
        type="button"
        id={`zone-grip-${id}`}
        data-zone-grip
        aria-label={t('clients.zones.move', { name })}
        aria-describedby="zones-keys"
      >
        <Icon name="grip" small />
      </button>
      <div>
        <h2>
          <Zone {...zone} />
        </h2>
        {conditions.length === 0 ? null : <p>{conditions.join(' · ')}</p>}
        {districts.length === 0 ? null : (
          <p class="districts" dir="auto" title={districts.join(', ')}>
            {districts.join(', ')}
          </p>
        )}
        {note === null ? null : (
          <p class="remark" dir="auto">
            {note}
          </p>
        )}
      </div>
      <IconButton icon="edit" label={t('clients.zones.edit', { name })} data-sheet={address} />
      <IconButton
        icon="delete"
        label={t('clients.zones.remove', { name })}
        data-ask="PUT"
        data-undo="DELETE"
        data-address={`${address}/removal`}
        data-said={t('clients.zones.removed', { name })}
        data-then="zones-changed"
      />
    </li>
  )
}

/** A zone, to be written. */
export function ZoneSheet({
  t,
  zone,
  colour,
  refused,
}: {
  t: Translate
  zone: ZoneRow | null
  /** Of a new one, unless another is chosen. */
  colour: ZoneColour
  refused?: SheetRefused | undefined
}) {
  const sum = zone?.minimumMinor != null && zone.currency !== null ? sumTyped(zone.minimumMinor, zone.currency) : ''
  return (
    <Sheet t={t} title={zone === null ? t('clients.zones.create') : t('clients.zones.edit', { name: zone.name })}>
      <SheetForm
        t={t}
        action={zone === null ? '/settings/zones' : `/settings/zones/${zone.id}`}
        method={zone === null ? 'POST' : 'PUT'}
        said={t('clients.zones.saved')}
        version={zone?.changedAt}
        refused={refused}
        then="zones-changed"
      >
        <TextField name="name" label={t('clients.zones.name')} value={zone?.name ?? ''} max={60} refused={refused} />
        <TextField
          name="districts"
          label={t('clients.zones.districts')}
          hint={t('clients.zones.districts.hint')}
          value={zone?.districts.join('\n') ?? ''}
          area
          refused={refused}
        />
        <ChoiceField
          name="colour"
          label={t('clients.colour')}
          value={zone?.colour ?? colour}
          options={zoneColours.map((value) => ({ value, label: t(`clients.zones.colour.${value}`) }))}
          refused={refused}
        />
        <Days t={t} days={zone?.days ?? []} refused={refused} />
        <div class="pair">
          <TextField
            name="minimum"
            label={t('clients.zones.minimum')}
            value={sum}
            max={20}
            dir="ltr"
            inputmode="decimal"
            refused={refused}
          />
          <TextField
            name="currency"
            label={t('clients.order.currency')}
            value={zone?.currency ?? ''}
            max={3}
            dir="ltr"
            refused={refused}
          />
        </div>
        <TextField name="note" label={t('clients.note')} value={zone?.note ?? ''} max={500} area refused={refused} />
        <TextField
          name="externalId"
          label={t('clients.zones.external')}
          hint={t('clients.zones.external.hint')}
          value={zone?.externalId ?? ''}
          max={200}
          dir="ltr"
          refused={refused}
        />
      </SheetForm>
    </Sheet>
  )
}

function Days({ t, days, refused }: { t: Translate; days: number[]; refused: SheetRefused | undefined }) {
  return (
    <fieldset class="field days-choice">
      <legend class="label">{t('clients.zones.days')}</legend>
      <div class="days">
        {[1, 2, 3, 4, 5, 6, 7].map((day) => (
          <label class="tick" key={day}>
            <input
              type="checkbox"
              name={`day-${day}`}
              checked={refused ? refused.typed[`day-${day}`] === 'on' : days.includes(day)}
            />
            {dayWords(t.locale, [day])}
          </label>
        ))}
      </div>
    </fieldset>
  )
}
