import type { OrderRow } from '../../src/features/orders/index.ts'
import type { Translate } from '../../src/platform/lib/i18n.ts'
import { Icon } from '../ui/icon.tsx'
import { sumWords } from '../ui/money.ts'
import { Time } from '../ui/time.tsx'
import { Zone } from '../ui/zone.tsx'
import { OrderStatus } from './card-client.tsx'
import { type CardData, cardAsking, type Placed, type Rest } from './card-data.ts'
import { NotesSection } from './card-notes.tsx'
import { PastSection } from './card-past.tsx'
import { AddButton, EditButton } from './card-sheet-buttons.tsx'

/**
 * What an arrow opens: what somebody owes, all their addresses, all their orders, notes on them, and what else they wrote about.
 * Notes and conversations are there while it is closed, too: the script shows them before the rest has come.
 */
export function RestSection({ t, card }: { t: Translate; card: CardData }) {
  const { client, more, conversation, notes } = card
  const rest = client?.rest ?? null
  return (
    <section class="section" id="card-rest">
      <h3>
        <button
          class="unfold"
          id="card-more"
          type="button"
          aria-expanded={more}
          {...cardAsking(conversation.id, { ...card, more: !more, orders: '' })}
        >
          <Icon name="forward" small flip />
          {t('clients.card.more')}
        </button>
        <span class="aside">
          {!client?.owedInAll ? null : (
            <strong class="owed">{t('clients.containers.owed', { count: client.owedInAll })}</strong>
          )}{' '}
          {notes.length === 0 ? null : <span>{t('console.note.count', { count: notes.length })}</span>}
        </span>
      </h3>
      <div id="card-rest-inside" data-behind={more ? undefined : ''} hidden={!more}>
        {rest === null ? null : (
          <>
            <Containers t={t} id={conversation.id} rest={rest} />
            <Addresses t={t} id={conversation.id} addresses={rest.addresses} />
            <Orders t={t} card={card} rest={rest} />
          </>
        )}
        <NotesSection t={t} id={conversation.id} notes={notes} />
        <PastSection t={t} card={card} />
      </div>
    </section>
  )
}

function Containers({ t, id, rest }: { t: Translate; id: string; rest: Rest }) {
  return (
    <section class="part" id="card-containers" aria-labelledby="card-containers-title">
      <h4 id="card-containers-title">
        {t('clients.containers.title')}{' '}
        <span class="aside">
          <AddButton address={`/c/${id}/movements/new`} words={t('clients.add.short')} />
        </span>
      </h4>
      {rest.owed.length === 0 ? <p class="none">{t('clients.containers.none')}</p> : null}
      {rest.owed.map(({ type, owed }) => (
        <table class="sums" key={type}>
          <caption class="said">{t('clients.containers.of', { type })}</caption>
          <tbody>
            {rest.movements
              .filter((one) => one.type === type)
              .map((one) => (
                <Movement key={one.id} t={t} id={id} movement={one} />
              ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">
                <bdi>{type}</bdi>
              </th>
              <td>{owed}</td>
              <td />
            </tr>
          </tfoot>
        </table>
      ))}
    </section>
  )
}

function Movement({ t, id, movement }: { t: Translate; id: string; movement: Rest['movements'][number] }) {
  const { delivered, returned, at, orderNumber, note } = movement
  const moved = [...(delivered > 0 ? [`+${delivered}`] : []), ...(returned > 0 ? [`−${returned}`] : [])]
  const address = `/c/${id}/movements/${movement.id}`
  const why =
    note ??
    (orderNumber === null ? t(movedHow(delivered, returned)) : t('clients.order.number', { number: orderNumber }))
  return (
    <tr>
      <td>
        <bdi>{why}</bdi>
        <Time class="day-of" at={at} />
      </td>
      <td>
        <bdi>{moved.join(' ') || '0'}</bdi>
      </td>
      <td class="acts">
        <EditButton address={address} words={t('clients.movement.edit')} />
      </td>
    </tr>
  )
}

const movedHow = (delivered: number, returned: number) =>
  returned === 0
    ? 'clients.movement.delivered'
    : delivered === 0
      ? 'clients.movement.returned'
      : 'clients.movement.both'

function Addresses({ t, id, addresses }: { t: Translate; id: string; addresses: Placed[] }) {
  return (
    <section class="part" id="card-addresses" aria-labelledby="card-addresses-title">
      <h4 id="card-addresses-title">
        {t('clients.addresses.title')}{' '}
        <span class="aside">
          <AddButton address={`/c/${id}/addresses/new`} words={t('clients.add.short')} />
        </span>
      </h4>
      {addresses.length === 0 ? <p class="none">{t('clients.addresses.none')}</p> : null}
      <ul class="things">
        {addresses.map((address) => (
          <li key={address.id} id={`address-${address.id}`}>
            <div>
              <span dir="auto">{address.address}</span>
              <p class="under">
                {address.zone === null ? null : <Zone {...address.zone} />}
                {address.district === null ? null : <bdi>{address.district}</bdi>}
                {address.main ? <span class="tag">{t('clients.address.main')}</span> : null}
              </p>
              {address.note === null ? null : (
                <p class="remark" dir="auto">
                  {address.note}
                </p>
              )}
            </div>
            <EditButton address={`/c/${id}/addresses/${address.id}`} words={t('clients.address.edit')} />
          </li>
        ))}
      </ul>
    </section>
  )
}

function Orders({ t, card, rest }: { t: Translate; card: CardData; rest: Rest }) {
  const { id } = card.conversation
  return (
    <section class="part" id="card-orders" aria-labelledby="card-orders-title">
      <h4 id="card-orders-title">
        {t('clients.orders.title')}{' '}
        <span class="aside">
          <AddButton address={`/c/${id}/orders/new`} words={t('clients.add.short')} />
        </span>
      </h4>
      {rest.orders.length === 0 ? <p class="none">{t('clients.orders.none')}</p> : null}
      <ul class="things">
        {rest.orders.map((order) => (
          <Order key={order.id} t={t} id={id} order={order} />
        ))}
      </ul>
      {card.orders === '' && rest.older === null ? null : (
        <p class="pages">
          {card.orders === '' ? null : (
            <button class="add" type="button" {...cardAsking(id, { ...card, orders: '' })}>
              {t('clients.orders.newest')}
            </button>
          )}
          {rest.older === null ? null : (
            <button class="add" type="button" {...cardAsking(id, { ...card, orders: rest.older })}>
              {t('clients.orders.older')}
            </button>
          )}
        </p>
      )}
    </section>
  )
}

function Order({ t, id, order }: { t: Translate; id: string; order: OrderRow }) {
  const { number, placedAt, sumMinor, currency } = order
  return (
    <li id={`order-${order.id}`}>
      <div>
        <p class="over">
          <bdi>{t('clients.order.number', { number })}</bdi>
          <bdi class="sum">{sumWords(t.locale, sumMinor, currency)}</bdi>
        </p>
        <p class="under">
          <Time at={placedAt} />
          <OrderStatus order={order} />
        </p>
      </div>
      <EditButton address={`/c/${id}/orders/${order.id}`} words={t('clients.order.edit', { number })} />
    </li>
  )
}
