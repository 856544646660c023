import type { ComponentChildren } from 'preact'
import type { Translate } from '../../src/platform/lib/i18n.ts'
import { Avatar } from '../console/avatar.tsx'
import { Dots } from '../console/inbox-row.tsx'
import { NoticesAsk } from '../console/notices-dialog.tsx'
import { personLabel } from '../console/visitor.ts'
import { Unread } from '../ui/badge.tsx'
import { Button, IconButton } from '../ui/button.tsx'
import { Chip } from '../ui/chip.tsx'
import { Document, type DocumentAssets } from '../ui/document.tsx'
import { Empty } from '../ui/empty.tsx'
import { Field } from '../ui/field.tsx'
import { Menu, MenuChoice, MenuGroup, MenuItem } from '../ui/menu.tsx'
import { Pager } from '../ui/pager.tsx'
import { Problem } from '../ui/problem.tsx'
import { Row } from '../ui/row.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { Table } from '../ui/table.tsx'
import { Tabs } from '../ui/tabs.tsx'
import { Time } from '../ui/time.tsx'
import { statusColours } from '../ui/status-colours.ts'
import { Toast } from '../ui/toast.tsx'
import { people, phone, someTime } from './samples.ts'
import { Zone } from '../ui/zone.tsx'
import { zoneColours } from '../ui/zone-colours.ts'

/** Every part of the console in every state, on one page, to be looked at in each theme, language and direction. */
export function StyleguidePage(props: { t: Translate; assets: DocumentAssets; theme: 'light' | 'dark' | null }) {
  const { t, assets, theme } = props
  return (
    <Document t={t} title={t('account.title', { page: t('console.styleguide') })} assets={assets} theme={theme}>
      <main class="styleguide">
        <h1>{t('console.styleguide')}</h1>
        <Buttons t={t} />
        <Fields t={t} />
        <Marks t={t} />
        <Rows t={t} />
        <Part name="menu">
          <SampleMenu t={t} />
        </Part>
        <Lists t={t} />
        <States t={t} />
      </main>
      <div class="toasts" id="toasts" role="status" />
    </Document>
  )
}

/** A part under the name of its file. */
function Part({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <section aria-labelledby={`part-${name}`}>
      <h2 id={`part-${name}`}>
        <code>{name}</code>
      </h2>
      <div class="part">{children}</div>
    </section>
  )
}

type Props = { t: Translate }

const Buttons = ({ t }: Props) => (
  <Part name="button">
    <Button kind="primary">{t('console.take')}</Button>
    <Button icon="check">{t('console.finish')}</Button>
    <Button kind="quiet">{t('console.list.more')}</Button>
    <Button disabled>{t('console.reopen')}</Button>
    <IconButton icon="read_all" label={t('console.keys.read_all')} />
    <IconButton icon="more" label={t('console.keys')} aria-expanded={true} aria-haspopup="menu" />
  </Part>
)

const Fields = ({ t }: Props) => (
  <Part name="field">
    <Field name="good" label={t('account.name')} hint={t('account.name.hint')} value={people[0]} autocomplete="off" />
    <Field
      name="bad"
      type="email"
      label={t('account.email')}
      value="marina@"
      error={t('refusals.email_invalid')}
      autocomplete="off"
    />
    <label class="choice">
      <input type="checkbox" checked />
      <span>{t('console.notice.sound')}</span>
      <span class="hint">{t('console.notice.sound.hint')}</span>
    </label>
  </Part>
)

const Marks = ({ t }: Props) => (
  <>
    <Part name="chip">
      <Chip on={false}>{t('console.filter.unread')}</Chip>
      <Chip on>{t('console.filter.unread')}</Chip>
      <Chip on href="/styleguide">
        {t('console.filter.unread')}
      </Chip>
    </Part>
    <Part name="badge">
      {[1, 12, 99, 100].map((count) => (
        <Unread key={count} t={t} count={count} />
      ))}
    </Part>
    <Part name="zone">
      {zoneColours.map((colour) => (
        <Zone key={colour} name={t(`clients.zones.colour.${colour}`)} colour={colour} />
      ))}
      {statusColours.map((colour) => (
        <span key={colour} class="status" data-colour={colour}>
          {t(`clients.colour.${colour}`)}
        </span>
      ))}
    </Part>
    <Part name="avatar">
      {faces.map(({ visitorId, contact }, place) => (
        <Avatar key={visitorId} visitorId={visitorId} contact={contact} online={place % 2 === 0} />
      ))}
    </Part>
  </>
)

/** Eight who are known and eight who are not: each hue once in both. */
const faces = Array.from({ length: 16 }, (_, n) => {
  const visitorId = `00000000-0000-7000-8000-0000${(n * 4099 + 4096).toString(16)}000${n % 8}`
  const name = people[n % people.length] ?? null
  return { visitorId, contact: n < 8 ? { id: visitorId, name, email: null, phone: null } : null }
})

const Rows = ({ t }: Props) => (
  <Part name="row">
    <ol class="sample-list">
      {faces.slice(5, 11).map((person, n) => (
        <li key={person.visitorId}>
          <Row
            href="/styleguide"
            current={n === 1}
            avatar={<Avatar {...person} online={n % 3 === 0} />}
            who={<bdi>{personLabel(t, person)}</bdi>}
            when={<Time class="when" at={someTime} />}
            words={
              n === 3 ? (
                <span class="typing">
                  <Dots />
                  {t('console.typing')}
                </span>
              ) : (
                t('console.empty.waiting')
              )
            }
            {...(n % 2 === 0 ? { badge: <Unread t={t} count={n * 40 + 1} /> } : {})}
            meta={t('console.row.on', { site: people[n] ?? '' })}
          />
        </li>
      ))}
    </ol>
  </Part>
)

const SampleMenu = ({ t }: Props) => (
  <>
    <Button id="sample-opener" popovertarget="sample-menu" aria-haspopup="menu" aria-expanded={false}>
      {t('console.theme')}
    </Button>
    <Menu id="sample-menu" label={t('console.theme')}>
      <MenuGroup label={t('console.theme')}>
        <MenuChoice on>{t('console.theme.light')}</MenuChoice>
        <MenuChoice on={false}>{t('console.theme.dark')}</MenuChoice>
      </MenuGroup>
      <hr />
      <MenuItem icon="bell">{t('console.keys.notices')}</MenuItem>
    </Menu>
    {(['keys', 'notices'] as const).map((name) => (
      <Button key={name} data-action={name} aria-haspopup="dialog">
        {t(`console.keys.${name}`)}
      </Button>
    ))}
  </>
)

const Lists = ({ t }: Props) => (
  <>
    <Part name="tabs">
      <Tabs
        label={t('console.folders')}
        tabs={(['waiting', 'active', 'finished'] as const).map((folder) => ({
          href: `/styleguide#${folder}`,
          label: t(`console.folder.${folder}`),
          current: folder === 'active',
        }))}
      />
    </Part>
    <Part name="table">
      <Table
        caption={t('console.palette.contacts')}
        columns={[{ name: t('console.form.name') }, { name: t('console.form.phone') }, { name: '№', numeric: true }]}
        rows={people.map((name, n) => ({ key: name, cells: [name, <bdi key={name}>{phone}</bdi>, n * 1204] }))}
      />
    </Part>
    <Part name="pager">
      <Pager t={t} previous="/styleguide" next="/styleguide" />
    </Part>
  </>
)

const States = ({ t }: Props) => (
  <>
    <Part name="toast">
      <Toast t={t} words={t('console.state.finished')} undo="script" />
      <Toast t={t} words={t('console.sent')} />
    </Part>
    <Part name="problem">
      <Problem t={t} sentence={t('console.dialog.away')} />
    </Part>
    <Part name="notices-ask">
      <NoticesAsk t={t} />
    </Part>
    <Part name="empty">
      <Empty title={t('console.empty.waiting.title')}>
        <p>{t('console.empty.waiting')}</p>
      </Empty>
    </Part>
    <Part name="skeleton">
      <Skeleton rows={3} words={t('console.conversation.loading')} />
    </Part>
  </>
)
