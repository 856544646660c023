import type { ComponentChildren } from 'preact'
import type { ConversationRow } from '../../src/features/conversations/index.ts'
import type { Translate } from '../../src/platform/lib/i18n.ts'
import { Icon, type IconName } from '../ui/icon.tsx'
import { type ActionName, actionGroups } from './action-names.ts'
import { Avatar } from './avatar.tsx'
import type { Person } from './visitor.ts'

/** A conversation that can be opened, and with whom it is. */
export type Entry = { conversation: ConversationRow; contact: Person['contact']; who: string; online: boolean }
export type Found = { conversations: Entry[]; contacts: Entry[] }

// Leading somewhere is one thing, whether it is called a page or an action.
const pages = ['waiting', 'active', 'finished', 'settings', 'account'] as const
const pageNames: readonly ActionName[] = pages
const actions = Object.values(actionGroups)
  .flat()
  .filter((name) => name !== 'palette' && !pageNames.includes(name))

/**
 * Everything in one line: what is typed is looked for among conversations and contacts, and among what can be done on this
 * page, of which the script leaves out what cannot. It stands in every page, so that whoever types at once is heard.
 */
export function Palette({ t }: { t: Translate }) {
  const title = t('console.keys.palette')
  return (
    <dialog class="dialog palette" id="palette" closedby="any" data-wide="" aria-label={title}>
      <label class="palette-line">
        <Icon name="search" />
        <span class="said">{title}</span>
        <input
          id="palette-query"
          type="text"
          role="combobox"
          aria-expanded="true"
          aria-controls="palette-list"
          aria-autocomplete="list"
          autocomplete="off"
          spellcheck={false}
          maxLength={100}
          dir="auto"
          enterkeyhint="go"
          placeholder={t('console.palette.placeholder')}
        />
      </label>
      <div
        class="options"
        id="palette-list"
        role="listbox"
        aria-label={t('console.palette.found')}
        data-shift={t('console.keys.on.shift')}
        data-escape={t('console.keys.on.escape')}
        data-then={t('console.keys.then')}
        data-or={t('console.keys.or')}
      >
        <div id="palette-found" />
        <Group t={t} name="actions">
          {actions.map((name) => (
            <Doing key={name} t={t} name={name} />
          ))}
        </Group>
        <Group t={t} name="pages">
          {pages.map((name) => (
            <Doing key={name} t={t} name={name} />
          ))}
        </Group>
      </div>
      <p class="none" id="palette-none" hidden>
        {t('console.palette.none')}
      </p>
      <p class="said" id="palette-said" role="status" />
    </dialog>
  )
}

/** What the server has found: asked for again with every pause in the typing. */
export function PaletteFound({ t, found: { conversations, contacts } }: { t: Translate; found: Found }) {
  return (
    <>
      {conversations.length === 0 ? null : (
        <Group t={t} name="conversations">
          {conversations.map((entry) => (
            <Opening key={entry.conversation.id} t={t} entry={entry} address={`/c/${entry.conversation.id}`} />
          ))}
        </Group>
      )}
      {contacts.length === 0 ? null : (
        <Group t={t} name="contacts">
          {contacts.map((entry) => (
            <Opening
              key={entry.conversation.id}
              t={t}
              entry={entry}
              address={`/c/${entry.conversation.id}?show=card`}
            />
          ))}
        </Group>
      )}
      <p class="said" hidden data-count>
        {t('console.palette.count', { count: conversations.length + contacts.length })}
      </p>
    </>
  )
}

type GroupName = 'conversations' | 'contacts' | 'actions' | 'pages'

function Group({ t, name, children }: { t: Translate; name: GroupName; children: ComponentChildren }) {
  return (
    <div role="group" aria-label={t(`console.palette.${name}`)} data-group={name}>
      <span class="label" aria-hidden="true">
        {t(`console.palette.${name}`)}
      </span>
      {children}
    </div>
  )
}

function Opening({ t, entry, address }: { t: Translate; entry: Entry; address: string }) {
  const { conversation, contact, who, online } = entry
  const { id, visitorId, state, lastText } = conversation
  return (
    <div role="option" id={`palette-${id}`} aria-selected="false" data-href={address}>
      <Avatar visitorId={visitorId} contact={contact} online={online} size="s" />
      <bdi class="who">{who}</bdi>
      <span class="words cut" dir="auto">
        {lastText}
      </span>
      <span class="aside">{t(`console.folder.${state}`)}</span>
    </div>
  )
}

const icons: Partial<Record<ActionName, IconName>> = {
  waiting: 'conversations',
  active: 'conversations',
  finished: 'conversations',
  settings: 'settings',
  account: 'visitor',
  theme: 'theme',
  notices: 'bell',
  keys: 'keyboard',
  sign_out: 'sign_out',
  finish: 'check',
  undo: 'undo',
  edit: 'edit',
  note: 'note',
  templates: 'template',
  client_more: 'truck',
  link_client: 'link',
  copy_link: 'link',
  read_all: 'read_all',
  unread: 'filter',
  search: 'search',
  zones: 'filter',
  users: 'filter',
  system: 'filter',
}

function Doing({ t, name }: { t: Translate; name: ActionName }) {
  return (
    <div role="option" id={`palette-do-${name}`} aria-selected="false" data-do-action={name}>
      <span class="sign">
        <Icon name={icons[name] ?? 'forward'} small flip={icons[name] === undefined} />
      </span>
      <span class="who">{t(`console.keys.${name}`)}</span>
      <span class="aside keys" />
    </div>
  )
}
