import type { Translate } from '../../src/platform/lib/i18n.ts'
import { countText } from '../ui/badge.tsx'
import { Chip } from '../ui/chip.tsx'
import { Icon } from '../ui/icon.tsx'
import { Menu } from '../ui/menu.tsx'
import { Zone as ZoneMark } from '../ui/zone.tsx'
import { type Listed, listQuery, noZone, type Zone } from './inbox-row.tsx'

/** What can be chosen, each with how many conversations of the folder that is: up to 100. `noZone` stands for itself. */
export type Choices = { zones: (Zone & { count: number })[]; sites: { id: string; name: string; count: number }[] }

type Props = { t: Translate; listed: Listed; choices: Choices; unread: number; unreadSystem: number }

/** What of the folder is shown. Each filter is an address, and each address keeps the others. */
export function Filters({ t, listed, choices, unread, unreadSystem }: Props) {
  return (
    <div class="filters" role="group" aria-label={t('console.filters')}>
      <Chip id="filter-unread" on={listed.unreadOnly} href={to({ ...listed, unreadOnly: !listed.unreadOnly })}>
        {t('console.filter.unread')} {unread === 0 ? null : <span class="count">{countText(t, unread)}</span>}
      </Chip>
      <div class="either" role="group" aria-label={t('console.filter.kind')}>
        <Kind t={t} listed={listed} kind="users" />
        <Kind t={t} listed={listed} kind="system" count={unreadSystem} />
      </div>
      {choices.zones.length > 1 ? <ZoneFilter t={t} listed={listed} choices={choices} /> : null}
      {choices.sites.length > 1 ? <SiteFilter t={t} listed={listed} choices={choices} /> : null}
    </div>
  )
}

const to = (listed: Listed): string => `/inbox?${listQuery(listed)}`

function Kind(props: { t: Translate; listed: Listed; kind: 'users' | 'system'; count?: number }) {
  const { t, listed, kind, count = 0 } = props
  const on = listed.kind === kind
  return (
    <a id={`filter-${kind}`} href={to({ ...listed, kind: on ? null : kind })} aria-current={on ? 'true' : undefined}>
      {t(`console.filter.${kind}`)} {count === 0 ? null : <span class="count">{countText(t, count)}</span>}
    </a>
  )
}

type Choosing = { t: Translate; listed: Listed; choices: Choices }

/** Several at once: the menu stays while they are chosen. */
function ZoneFilter({ t, listed, choices }: Choosing) {
  const chosen = zonesChosen(t, listed, choices)
  return (
    <Choice
      id="filter-zone"
      label={t('console.filter.zone')}
      short={t('console.filter.zone.short')}
      chosen={chosen}
      all={{ on: listed.zones.length === 0, href: to({ ...listed, zones: [] }), words: t('console.filter.zone.all') }}
    >
      {choices.zones.map(({ id, name, colour, count }) => {
        const on = listed.zones.includes(id)
        const zones = on ? listed.zones.filter((one) => one !== id) : [...listed.zones, id].toSorted()
        return (
          <a
            key={id}
            id={`zone-${id}`}
            role="menuitemcheckbox"
            aria-checked={on}
            tabIndex={-1}
            href={to({ ...listed, zones })}
          >
            <Icon name="check" small />
            {id === noZone ? (
              <span class="name">{name}</span>
            ) : (
              <span class="name">
                <ZoneMark name={name} colour={colour} />
              </span>
            )}
            <span class="count">{countText(t, count)}</span>
          </a>
        )
      })}
    </Choice>
  )
}

/** One, or all. */
function SiteFilter({ t, listed, choices }: Choosing) {
  const chosen = choices.sites.filter(({ id }) => id === listed.site).map(({ name }) => name)
  return (
    <Choice
      id="filter-site"
      label={t('console.filter.site')}
      short={t('console.filter.site')}
      chosen={chosen}
      all={{ on: listed.site === null, href: to({ ...listed, site: null }), words: t('console.filter.site.all') }}
    >
      {choices.sites.map(({ id, name, count }) => (
        <a
          key={id}
          id={`site-${id}`}
          role="menuitemradio"
          aria-checked={listed.site === id}
          tabIndex={-1}
          href={to({ ...listed, site: id })}
        >
          <Icon name="check" small />
          <bdi class="name">{name}</bdi>
          <span class="count">{countText(t, count)}</span>
        </a>
      ))}
    </Choice>
  )
}

type ChoiceProps = {
  id: string
  label: string
  short: string
  chosen: string[]
  all: { on: boolean; href: string; words: string }
  children: preact.ComponentChildren
}

/** A chip that says what was chosen, and opens what can be. */
function Choice({ id, label, short, chosen, all, children }: ChoiceProps) {
  const [first, ...others] = chosen
  return (
    <>
      <button
        class="chip"
        id={id}
        type="button"
        popovertarget={`${id}-menu`}
        aria-haspopup="menu"
        aria-expanded="false"
        aria-pressed={first !== undefined}
        title={chosen.length > 0 ? `${label}: ${chosen.join(', ')}` : label}
      >
        {first === undefined ? (
          <span>{label}</span>
        ) : (
          <>
            <span>{short}:</span> <bdi class="cut">{first}</bdi>
            {others.length > 0 ? <span aria-hidden="true">+{others.length}</span> : null}
            {others.length > 0 ? <span class="said">, {others.join(', ')}</span> : null}
          </>
        )}
        <Icon name="open" small />
      </button>
      <Menu id={`${id}-menu`} label={label}>
        <a id={`${id}-all`} role="menuitemradio" aria-checked={all.on} tabIndex={-1} href={all.href}>
          <Icon name="check" small />
          <span class="name">{all.words}</span>
        </a>
        <hr />
        {children}
      </Menu>
    </>
  )
}

/** The names of the zones that are chosen; of one that is gone since, that it is. */
const zonesChosen = (t: Translate, { zones }: Listed, choices: Choices): string[] =>
  zones.map((id) => choices.zones.find((zone) => zone.id === id)?.name ?? t('console.filter.zone.gone'))

/** Each filter that is on: what it is called, and the list without it. */
export function filtersOn(
  t: Translate,
  listed: Listed,
  choices: Choices,
): { id: string; words: string; without: string }[] {
  const zones = zonesChosen(t, listed, choices)
  const site = choices.sites.find(({ id }) => id === listed.site)?.name ?? ''
  return [
    ...(listed.unreadOnly
      ? [{ id: 'unread', words: t('console.filter.unread'), without: to({ ...listed, unreadOnly: false }) }]
      : []),
    ...(listed.kind === 'system'
      ? [{ id: 'system', words: t('console.filter.system'), without: to({ ...listed, kind: null }) }]
      : []),
    ...(zones.length > 0
      ? [
          {
            id: 'zone',
            words: t('console.filter.is', { filter: t('console.filter.zone.short'), value: zones.join(', ') }),
            without: to({ ...listed, zones: [] }),
          },
        ]
      : []),
    ...(listed.site !== null
      ? [
          {
            id: 'site',
            words: t('console.filter.is', { filter: t('console.filter.site'), value: site }),
            without: to({ ...listed, site: null }),
          },
        ]
      : []),
  ]
}
