import type { Translate } from '../../src/platform/lib/i18n.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { Snippet } from '../ui/snippet.tsx'
import { Table } from '../ui/table.tsx'
import { Time } from '../ui/time.tsx'

export type KeyRow = {
  id: string
  name: string
  beginning: string
  agentName: string
  createdAt: number
  usedAt: number | null
}

type Props = {
  t: Translate
  keys: KeyRow[]
  /** The one that was made just now: shown this once. */
  made?: { name: string; key: string }
  /** What was typed, and why there is no key of that name. */
  refused?: { name: string; words: string }
}

/** The keys of the shop's programs: a part of the page of the installation. */
export function ApiKeys({ t, keys, made, refused }: Props) {
  return (
    <section class="api-keys" id="api-keys" aria-labelledby="api-keys-title" data-failed={t('console.card.failed')}>
      <header class="section-head">
        <h2 id="api-keys-title">{t('clients.api_keys.title')}</h2>
        <p>{t('clients.api_keys.lead')}</p>
      </header>
      {made === undefined ? null : (
        <div class="made" role="status">
          <p>
            <b>
              <bdi>{t('clients.api_keys.key', { name: made.name })}</bdi>
            </b>
            . {t('clients.api_keys.shown')}
          </p>
          <Snippet t={t} id="api-key-made" snippet={made.key} />
        </div>
      )}
      <KeyList t={t} keys={keys} />
      <NewKey t={t} {...(refused ? { refused } : {})} />
    </section>
  )
}

/** The list alone asks for itself after each change: a key that is shown this once stays, and a name that is being typed. */
export function KeyList({ t, keys }: { t: Translate; keys: KeyRow[] }) {
  return (
    <div
      id="api-key-list"
      hx-get="/settings/api-keys"
      hx-trigger="api-keys-changed from:body"
      hx-target="this"
      hx-swap="outerMorph"
    >
      {keys.length === 0 ? <p class="none">{t('clients.api_keys.none')}</p> : <KeyTable t={t} keys={keys} />}
    </div>
  )
}

function KeyTable({ t, keys }: { t: Translate; keys: KeyRow[] }) {
  const names = ['name', 'begins', 'made', 'by', 'used', 'actions'] as const
  return (
    <Table
      caption={t('clients.api_keys.all')}
      columns={names.map((name) => ({ name: t(`clients.api_keys.${name}`) }))}
      rows={keys.map((key) => ({
        key: key.id,
        cells: [
          <bdi key="name">{key.name}</bdi>,
          <code key="begins" dir="ltr">{`${key.beginning}…`}</code>,
          <Time key="made" at={key.createdAt} />,
          <bdi key="by">{key.agentName}</bdi>,
          key.usedAt === null ? t('clients.api_keys.never') : <Time key="used" at={key.usedAt} />,
          <IconButton
            key="revoke"
            icon="delete"
            label={t('clients.api_keys.revoke', { name: key.name })}
            data-ask="PUT"
            data-undo="DELETE"
            data-address={`/settings/api-keys/${key.id}/revocation`}
            data-said={t('clients.api_keys.revoked', { name: key.name })}
            data-then="api-keys-changed"
          />,
        ],
      }))}
    />
  )
}

function NewKey({ t, refused }: { t: Translate; refused?: { name: string; words: string } }) {
  return (
    <form class="new-key" hx-post="/settings/api-keys" hx-target="#api-keys" hx-swap="outerHTML">
      <div class="field">
        <label for="api-key-name">{t('clients.api_keys.name')}</label>
        <input
          class="input"
          id="api-key-name"
          name="name"
          type="text"
          dir="auto"
          required
          maxLength={60}
          autocomplete="off"
          value={refused?.name}
          aria-invalid={refused ? true : undefined}
          aria-describedby="api-key-name-hint"
        />
        <p class={refused ? 'error' : 'hint'} id="api-key-name-hint" role={refused ? 'alert' : undefined}>
          {refused?.words ?? t('clients.api_keys.name.hint')}
        </p>
      </div>
      <Button type="submit" icon="add">
        {t('clients.api_keys.create')}
      </Button>
    </form>
  )
}
