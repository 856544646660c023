import type { Translate } from '../../src/platform/lib/i18n.ts'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { Time } from '../ui/time.tsx'
import { Zone } from '../ui/zone.tsx'
import type { CardData } from './card-data.ts'
import { Sheet, type SheetRefused, TextField } from './card-sheet.tsx'

/** Somebody who was found, with what tells them from others of the same name. */
export type FoundPerson = {
  id: string
  name: string | null
  email: string | null
  phone: string | null
  externalId: string | null
  zone: { name: string; colour: string } | null
  order: string | null
}

/** By whose word a visitor is this client, and the way to say so or to take it back. */
export function LinkSection({ t, card }: { t: Translate; card: CardData }) {
  const { conversation, link, client } = card
  const address = `/c/${conversation.id}/link`
  return (
    <div class="link-line" id="card-link">
      {link === null ? null : (
        <p>
          {t('clients.link.by', { name: link.agentName })} <Time at={link.linkedAt} />
        </p>
      )}
      <button class="add" type="button" data-sheet={address}>
        <Icon name="link" small />
        {t(link === null ? 'clients.link.open' : 'clients.link.other')}
      </button>
      {link === null || client === null ? null : (
        <button
          class="add"
          type="button"
          data-ask="DELETE"
          data-undo="PUT"
          data-address={`${address}?contact=${client.contactId}`}
          data-said={t('clients.link.undone')}
        >
          <Icon name="undo" small />
          {t('clients.link.undo')}
        </button>
      )}
    </div>
  )
}

type Props = { t: Translate; id: string; was: string; refused?: SheetRefused }

/** Looks for the client who this is, or writes down a new one. */
export function LinkSheet({ t, id, was, refused }: Props) {
  const action = `/c/${id}/link`
  return (
    <Sheet t={t} title={t('clients.link.title')}>
      <div class="field">
        <label for="link-query">{t('clients.link.search')}</label>
        <input
          class="input"
          id="link-query"
          type="search"
          dir="auto"
          autocomplete="off"
          maxLength={100}
          data-finds={`${action}/found?was=${was}`}
          data-into="link-found"
          aria-controls="link-found"
          autofocus
        />
      </div>
      <div class="found" id="link-found" aria-live="polite">
        <p class="none">{t('clients.link.hint')}</p>
      </div>
      <form class="sheet-form" action={action} data-method="POST" noValidate>
        <h3>{t('clients.link.new')}</h3>
        <input type="hidden" name="was" value={was} />
        <TextField name="name" label={t('console.card.name')} max={100} refused={refused} />
        <TextField name="phone" label={t('console.card.phone')} max={40} dir="ltr" refused={refused} />
        <TextField name="email" label={t('console.card.email')} max={254} dir="ltr" refused={refused} />
        <p class="error" role="alert">
          {refused?.words}
        </p>
        <footer>
          <Button type="submit">{t('clients.link.create')}</Button>
        </footer>
      </form>
    </Sheet>
  )
}

/** Those whom the words are about; pressed, the visitor is that one. */
export function FoundPeople({ t, id, was, people }: { t: Translate; id: string; was: string; people: FoundPerson[] }) {
  if (people.length === 0) return <p class="none">{t('clients.link.nobody')}</p>
  return (
    <ul class="people">
      {people.map((person) => (
        <li key={person.id}>
          <button
            type="button"
            data-ask="PUT"
            data-undo="DELETE"
            data-address={`/c/${id}/link?contact=${person.id}&was=${was}`}
            data-said={t('clients.link.done', { name: labelOf(person) })}
            data-closes
          >
            <bdi class="who">{labelOf(person)}</bdi>
            <span class="under">
              {[person.phone, person.email, person.externalId].map((known) =>
                known === null || known === labelOf(person) ? null : <bdi key={known}>{known}</bdi>,
              )}
              {person.order === null ? null : <bdi>{t('clients.order.number', { number: person.order })}</bdi>}
              {person.zone === null ? null : <Zone {...person.zone} />}
            </span>
          </button>
        </li>
      ))}
    </ul>
  )
}

const labelOf = ({ name, email, phone, externalId }: FoundPerson): string => name || email || phone || externalId || ''
