import type { SiteRow } from '../../src/features/sites/index.ts'
import type { Translate } from '../../src/platform/lib/i18n.ts'
import type { Shell } from '../layout/console.tsx'
import { Button, IconButton } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'
import { Icon } from '../ui/icon.tsx'
import { Menu, MenuItem, MenuLink } from '../ui/menu.tsx'
import { Snippet } from '../ui/snippet.tsx'
import { refusedAbove } from '../ui/refused.ts'
import { SettingsPage } from './cabinet.tsx'

export type SiteCard = { site: SiteRow; snippet: string; hasConversations: boolean }

/** Every site with its line for the shop's pages, its switch and its domains. */
export function SitesPage({ t, assets, viewer, sites }: Shell & { sites: SiteCard[] }) {
  return (
    <SettingsPage
      t={t}
      assets={assets}
      viewer={viewer}
      current="sites"
      title={t('settings.sites.title')}
      lead={t('settings.sites.lead')}
      actions={
        <a class="button" data-kind="primary" href="/settings/sites/new">
          <Icon name="add" small />
          {t('cabinet.sites.new')}
        </a>
      }
    >
      <SitesList t={t} sites={sites} />
    </SettingsPage>
  )
}

export function SitesList({ t, sites }: { t: Translate; sites: SiteCard[] }) {
  return (
    <div
      id="sites"
      class="sites"
      hx-get="/settings/sites/list"
      hx-trigger="sites-changed from:body throttle:250ms"
      hx-swap="outerMorph"
    >
      {sites.length === 0 ? (
        <Empty title={t('settings.sites.none')}>
          <p>{t('cabinet.sites.none.hint')}</p>
        </Empty>
      ) : null}
      {sites.map((card) => (
        <Site key={card.site.id} t={t} {...card} />
      ))}
    </div>
  )
}

function Site({ t, site, snippet, hasConversations }: { t: Translate } & SiteCard) {
  const { id, name, deactivatedAt } = site
  return (
    <section class="site" id={`site-${id}`} aria-labelledby={`site-name-${id}`}>
      <header>
        <h2 id={`site-name-${id}`}>
          <a class="link" href={`/settings/sites/${id}`}>
            <bdi>{name}</bdi>
          </a>
        </h2>
        {deactivatedAt === null ? (
          <ChatSwitch t={t} site={site} />
        ) : (
          <p class="status" data-is="attention">
            {t('cabinet.sites.inactive')}
          </p>
        )}
        <IconButton
          icon="more"
          label={t('cabinet.sites.more', { name })}
          id={`site-more-${id}`}
          popovertarget={`site-menu-${id}`}
          aria-haspopup="menu"
          aria-expanded="false"
        />
        <SiteMenu t={t} site={site} hasConversations={hasConversations} />
      </header>
      {deactivatedAt === null ? <Snippet t={t} id={`snippet-${id}`} snippet={snippet} /> : null}
      <Domains t={t} domains={site.domains} />
    </section>
  )
}

const refusing = { 'hx-swap': 'none', ...refusedAbove }

function SiteMenu({ t, site, hasConversations }: { t: Translate; site: SiteRow; hasConversations: boolean }) {
  const { id, name, deactivatedAt } = site
  const address = `/settings/sites/${id}`
  return (
    <Menu id={`site-menu-${id}`} label={t('cabinet.sites.more', { name })}>
      <MenuLink icon="edit" href={address}>
        {t('cabinet.sites.edit')}
      </MenuLink>
      <MenuLink icon="widget" href={`/settings/chat?site=${id}`}>
        {t('cabinet.sites.chat_settings')}
      </MenuLink>
      <hr />
      {deactivatedAt === null ? (
        <MenuItem icon="block" hx-put={`${address}/deactivation`} {...refusing}>
          {t('cabinet.sites.deactivate')}
        </MenuItem>
      ) : (
        <MenuItem icon="undo" hx-delete={`${address}/deactivation`} {...refusing}>
          {t('cabinet.sites.activate')}
        </MenuItem>
      )}
      {hasConversations ? (
        <p class="label">{t('cabinet.sites.in_use')}</p>
      ) : (
        <MenuItem icon="delete" hx-delete={address} {...refusing}>
          {t('cabinet.sites.delete')}
        </MenuItem>
      )}
    </Menu>
  )
}

function Domains({ t, domains }: { t: Translate; domains: string[] }) {
  if (domains.length === 0) return <p class="hint">{t('cabinet.sites.any_page')}</p>
  return (
    <p class="hint domains">
      <span>{t('cabinet.sites.only_on')}</span>
      {domains.map((domain) => (
        <span key={domain} class="tag">
          <bdi>{domain}</bdi>
        </span>
      ))}
    </p>
  )
}

/** The state in words and the way to the other one. */
export function ChatSwitch({ t, site }: { t: Translate; site: SiteRow }) {
  const address = `/settings/sites/${site.id}/chat`
  const change = { [site.chatEnabled ? 'hx-delete' : 'hx-put']: address, ...refusedAbove }
  return (
    <div class="chat-switch" id={`chat-${site.id}`}>
      <p class="status" data-is={site.chatEnabled ? 'good' : 'attention'} role="status">
        {t(site.chatEnabled ? 'settings.chat.on' : 'settings.chat.off')}
      </p>
      <Button hx-target={`#chat-${site.id}`} hx-swap="outerHTML" {...change}>
        {t(site.chatEnabled ? 'settings.chat.switch_off' : 'settings.chat.switch_on')}
      </Button>
    </div>
  )
}
