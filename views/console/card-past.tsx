import type { ContactEdit } from '../../src/features/contacts/index.ts'
import type { ConversationRow } from '../../src/features/conversations/index.ts'
import type { Translate } from '../../src/platform/lib/i18n.ts'
import { Icon } from '../ui/icon.tsx'
import { Time } from '../ui/time.tsx'
import { type CardData, cardAsking } from './card-data.ts'
import { HandEdit, handEditLabel } from './card-hand-edit.tsx'

const morePastBy = 20

/** The other conversations of the same person, the newest first. */
export function PastSection({ t, card }: { t: Translate; card: CardData }) {
  const { pastOnes, morePast, past, conversation } = card
  if (pastOnes.length === 0) return null
  return (
    <section class="part" id="card-past" aria-labelledby="card-past-title">
      <h4 id="card-past-title">{t('console.card.past')}</h4>
      <ul class="past">
        {pastOnes.map((one) => (
          <PastOne key={one.id} t={t} one={one} />
        ))}
      </ul>
      {morePast ? (
        <button class="add" type="button" {...cardAsking(conversation.id, { ...card, past: past + morePastBy })}>
          {t('console.card.past.more')}
        </button>
      ) : null}
    </section>
  )
}

function PastOne({ t, one }: { t: Translate; one: ConversationRow }) {
  const { id, state, createdAt, lastText } = one
  return (
    <li>
      <a href={`/c/${id}`}>
        <Time at={createdAt} />
        <span class="state">{t(`console.card.state.${state}`)}</span>
        <span class="words cut" dir="auto">
          {lastText}
        </span>
      </a>
    </li>
  )
}

/** Who changed what by hand, and when. */
export function HistorySection({ t, card }: { t: Translate; card: CardData }) {
  const { edited, edits, history, conversation } = card
  if (!edited) return null
  return (
    <section class="section" id="card-history">
      <h3>
        <button
          class="unfold"
          type="button"
          aria-expanded={history}
          {...cardAsking(conversation.id, { ...card, history: !history })}
        >
          <Icon name="forward" small flip />
          {t('console.card.history')}
        </button>
      </h3>
      {history ? (
        <ul class="edits">
          {edits.map((edit) => (
            <Edit key={edit.id} t={t} edit={edit} />
          ))}
        </ul>
      ) : null}
    </section>
  )
}

function Edit({ t, edit }: { t: Translate; edit: ContactEdit & { agentName: string } }) {
  const { field, at, agentName } = edit
  return (
    <li>
      <span>
        <bdi>{agentName}</bdi>: {handEditLabel(t, edit)}
      </span>
      {field === 'name' || field === 'email' || field === 'phone' ? (
        <Values t={t} edit={edit} />
      ) : (
        <HandEdit t={t} edit={edit} />
      )}
      <Time at={at} />
    </li>
  )
}

function Values({ t, edit: { before, after } }: { t: Translate; edit: ContactEdit }) {
  return (
    <span class="values">
      {before === null ? null : (
        <del>
          <bdi>{before}</bdi>
        </del>
      )}{' '}
      {after === null ? (
        <em>{t('console.card.history.emptied')}</em>
      ) : (
        <ins>
          <bdi>{after}</bdi>
        </ins>
      )}
    </span>
  )
}
