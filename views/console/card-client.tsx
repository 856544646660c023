import type { OrderLine, OrderRow } from '../../src/features/orders/index.ts'
import type { Translate } from '../../src/platform/lib/i18n.ts'
import { sumWords } from '../ui/money.ts'
import { Time } from '../ui/time.tsx'
import { Zone } from '../ui/zone.tsx'
import type { CardData, Client } from './card-data.ts'
import { EditButton } from './card-sheet-buttons.tsx'

const mostLines = 5

/** What the shop knows of somebody: what they ordered last, and where they are delivered to. */
export function ClientSections({ t, card }: { t: Translate; card: CardData }) {
  const { client, conversation } = card
  if (client === null) return null
  const { lastOrder, address } = client
  return (
    <>
      {lastOrder === null ? null : <LastOrder t={t} id={conversation.id} order={lastOrder} />}
      {address === null ? null : <AddressSection t={t} id={conversation.id} address={address} />}
    </>
  )
}

function LastOrder({ t, id, order }: { t: Translate; id: string; order: OrderRow }) {
  const { lines, number, placedAt, note } = order
  return (
    <section class="section" id="card-last-order" aria-labelledby="card-last-order-title">
      <h3 id="card-last-order-title">
        {t('clients.order.last')}{' '}
        <span class="aside">
          <OrderStatus order={order} />
        </span>
      </h3>
      <table class="sums">
        <caption class="said">{t('clients.order.of', { number })}</caption>
        {lines.length === 0 ? null : (
          <tbody>
            {lines.slice(0, mostLines).map((line, place) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a line is nothing but its place
              <Line key={place} t={t} line={line} currency={order.currency} />
            ))}
            {lines.length > mostLines ? (
              <tr>
                <td colSpan={3}>{t('clients.order.lines.more', { count: lines.length - mostLines })}</td>
              </tr>
            ) : null}
          </tbody>
        )}
        <tfoot>
          <tr>
            <th scope="row" colSpan={2}>
              <bdi>{t('clients.order.number', { number })}</bdi>, <Time at={placedAt} />
            </th>
            <td>
              <bdi>{sumWords(t.locale, order.sumMinor, order.currency)}</bdi>
            </td>
          </tr>
        </tfoot>
      </table>
      {note === null ? null : (
        <p class="remark" dir="auto">
          {note}
        </p>
      )}
      <EditButton address={`/c/${id}/orders/${order.id}`} words={t('clients.order.edit', { number })} />
    </section>
  )
}

function Line({ t, line, currency }: { t: Translate; line: OrderLine; currency: string }) {
  return (
    <tr>
      <td dir="auto">{line.name}</td>
      <td>
        <bdi>
          {numberWords(t.locale, line.quantity)}
          {line.unit ? ` ${line.unit}` : ''}
        </bdi>
      </td>
      <td>{line.sumMinor === undefined ? null : <bdi>{sumWords(t.locale, line.sumMinor, currency)}</bdi>}</td>
    </tr>
  )
}

const numberWords = (locale: string, decimal: string): string =>
  new Intl.NumberFormat(locale, { maximumFractionDigits: 6 }).format(Number(decimal))

/** How an order stands, in the shop's own words. */
export function OrderStatus({ order: { status, statusColour } }: { order: Pick<OrderRow, 'status' | 'statusColour'> }) {
  return (
    <span class="status" data-colour={statusColour}>
      <bdi class="cut" title={status}>
        {status}
      </bdi>
    </span>
  )
}

function AddressSection({ t, id, address }: { t: Translate; id: string; address: NonNullable<Client['address']> }) {
  const { zone, district, note } = address
  return (
    <section class="section" id="card-address" aria-labelledby="card-address-title">
      <h3 id="card-address-title">
        {t('clients.address.title')} <span class="aside">{zone === null ? null : <Zone {...zone} />}</span>
      </h3>
      <dl class="facts">
        <div class="fact">
          <dt>{t('clients.address.street')}</dt>
          <dd dir="auto">{address.address}</dd>
        </div>
        {district === null && (zone === null || zone.days.length === 0) ? null : (
          <div class="fact">
            <dt>{t('clients.address.district')}</dt>
            <dd>
              {[...(district === null ? [] : [district]), ...(zone === null ? [] : [dayWords(t.locale, zone.days)])]
                .filter((words) => words !== '')
                .join(', ')}
            </dd>
          </div>
        )}
        {note === null ? null : (
          <div class="fact">
            <dt>{t('clients.note')}</dt>
            <dd dir="auto">{note}</dd>
          </div>
        )}
      </dl>
      <EditButton address={`/c/${id}/addresses/${address.id}`} words={t('clients.address.edit')} />
    </section>
  )
}

// 2024 began with a Monday.
const monday = Date.UTC(2024, 0, 1)

/** Days of the week, 1 Monday to 7 Sunday, as this language shortens them. */
export function dayWords(locale: string, days: readonly number[]): string {
  const format = new Intl.DateTimeFormat(locale, { weekday: 'short', timeZone: 'UTC' })
  return days.map((day) => format.format(monday + (day - 1) * 86_400_000)).join(', ')
}
