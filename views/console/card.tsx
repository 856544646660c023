import type { Translate } from '../../src/platform/lib/i18n.ts'
import { IconButton } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { Menu, MenuItem } from '../ui/menu.tsx'
import { Time } from '../ui/time.tsx'
import { refusedUnsaid } from '../ui/refused.ts'
import { Avatar } from './avatar.tsx'
import { type CardData, cardAddress } from './card-data.ts'
import { EditableFact } from './card-fact.tsx'
import { ClientSections } from './card-client.tsx'
import { LinkSection } from './card-link.tsx'
import { RestSection } from './card-rest.tsx'
import { HistorySection } from './card-past.tsx'
import { AttributesSection, VisitSection } from './card-visit.tsx'
import { personLabel, shortId } from './visitor.ts'

/** The right pane: who somebody is. It asks for itself again when something of them has changed. */
export function CardPane({ t, card }: { t: Translate; card: CardData }) {
  const { id } = card.conversation
  return (
    <aside
      class="card"
      id="card"
      data-conversation={id}
      data-failed={t('console.card.failed')}
      aria-labelledby="card-who"
      hx-get={cardAddress(id, card)}
      hx-trigger="card-changed from:body"
      hx-target="this"
      hx-sync="this:queue last"
      hx-swap="outerMorph"
      {...refusedUnsaid}
    >
      <h1 class="said" data-narrow>
        {t('console.keys.in.card')}
      </h1>
      <Head t={t} card={card} />
      <section class="section" aria-label={t('console.card.contact')}>
        <dl class="facts">
          {(['name', 'email', 'phone'] as const).map((field) => (
            <EditableFact key={field} t={t} id={id} field={field} value={card.contact?.[field] ?? null} />
          ))}
        </dl>
        <LinkSection t={t} card={card} />
      </section>
      <ClientSections t={t} card={card} />
      <RestSection t={t} card={card} />
      <VisitSection t={t} card={card} />
      <AttributesSection t={t} attributes={card.facts.attributes} />
      <HistorySection t={t} card={card} />
    </aside>
  )
}

function Head({ t, card }: { t: Translate; card: CardData }) {
  const { conversation, contact, facts, list } = card
  const person = { visitorId: conversation.visitorId, contact }
  const label = personLabel(t, person)
  return (
    <>
      <header>
        <a
          class="icon-button to-conversation"
          href={`/c/${conversation.id}${list === '' ? '' : `?${list}`}`}
          aria-label={t('console.card.back')}
        >
          <Icon name="back" flip />
        </a>
        <Avatar {...person} online={facts.online} />
        <div>
          <h2 class="cut" id="card-who">
            <bdi title={label}>{label}</bdi>
          </h2>
          <p class="cut">
            <span class="presence" data-is={facts.online ? 'online' : 'away'}>
              {t(facts.online ? 'console.card.online' : 'console.card.offline')}
            </span>{' '}
            <span class="faint">{t('console.visitor', { id: shortId(conversation.visitorId) })}</span>
          </p>
        </div>
        <IconButton icon="more" label={t('console.card.more')} popovertarget="card-menu" aria-haspopup="menu" />
        <CardMenu t={t} id={conversation.id} blocked={facts.blockedAt !== null} />
      </header>
      {facts.blockedAt === null ? null : (
        <p class="blocked" id="card-blocked">
          <Icon name="block" small />
          <span>
            {t('console.card.blocked')} <Time at={facts.blockedAt} />
          </span>
          <button class="link" type="button" {...blocking(t, conversation.id, false)}>
            {t('console.card.unblock.short')}
          </button>
        </p>
      )}
    </>
  )
}

function CardMenu({ t, id, blocked }: { t: Translate; id: string; blocked: boolean }) {
  return (
    <Menu id="card-menu" label={t('console.card.more')}>
      <MenuItem icon="edit" data-open="#card-name">
        {t('console.card.edit.name')}
      </MenuItem>
      <MenuItem icon="note" data-open="#add-note">
        {t('console.note.add')}
      </MenuItem>
      <MenuItem icon="block" {...blocking(t, id, !blocked)}>
        {t(blocked ? 'console.card.unblock' : 'console.card.block')}
      </MenuItem>
    </Menu>
  )
}

/** Asked by the script, which says that it was done and undoes it. */
const blocking = (t: Translate, id: string, block: boolean) => ({
  'data-ask': block ? 'PUT' : 'DELETE',
  'data-undo': block ? 'DELETE' : 'PUT',
  'data-address': `/c/${id}/block`,
  'data-said': t(block ? 'console.card.block.done' : 'console.card.unblock.done'),
})
