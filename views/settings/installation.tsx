import type { ComponentChildren } from 'preact'
import type { Key, Translate } from '../../src/platform/lib/i18n.ts'
import type { Shell } from '../layout/console.tsx'
import { Snippet } from '../ui/snippet.tsx'
import { Time } from '../ui/time.tsx'
import { SettingsPage } from './cabinet.tsx'
import { Question } from './question.tsx'

export type Installation = {
  version: string
  startedAt: number
  url: string
  /** Whether the address is set, and not only how this page was reached. */
  urlIsSet: boolean
  /** Where PostgreSQL is, without its password; null: SQLite. */
  postgres: string | null
  data: string
  freeBytes: number
  writeMs: number
  /** What is wrong, as codes; none: all is well. */
  reasons: string[]
  snippets: { id: string; name: string; snippet: string }[]
}

/** What is running here, where it keeps everything and how it is; `children`: the keys of the shop's programs. */
export function InstallationPage(props: Shell & { found: Installation; children?: ComponentChildren }) {
  const { t, assets, viewer, found, children } = props
  return (
    <SettingsPage
      t={t}
      assets={assets}
      viewer={viewer}
      current="installation"
      title={t('cabinet.page.installation')}
      lead={t('cabinet.install.lead')}
    >
      <div>
        <About t={t} found={found} />
        <Question id="installation-docs" title={t('cabinet.install.docs')} hint={t('cabinet.install.docs.hint')}>
          <ul class="answer">
            <li>
              <a class="link" href="/widget/api">
                {t('cabinet.install.docs.widget')}
              </a>
            </li>
            {(['operations', 'api', 'protocol', 'store'] as const).map((name) => (
              <li key={name}>{t(`cabinet.install.docs.${name}`)}</li>
            ))}
          </ul>
        </Question>
        <Question id="installation-snippets" title={t('cabinet.site.snippet')} hint={t('cabinet.site.snippet.hint')}>
          <div class="answer">
            {found.snippets.map(({ id, name, snippet }) => (
              <div key={id} class="field">
                <span class="label">{t('cabinet.install.snippet', { name })}</span>
                <Snippet t={t} id={`snippet-${id}`} snippet={snippet} />
              </div>
            ))}
            <p>
              <a class="link" href="/settings/sites">
                {t('cabinet.page.sites')}
              </a>
            </p>
          </div>
        </Question>
      </div>
      {children}
    </SettingsPage>
  )
}

function About({ t, found }: { t: Translate; found: Installation }) {
  const { version, startedAt, url, urlIsSet, postgres, data, freeBytes, writeMs, reasons } = found
  const store =
    postgres === null ? t('cabinet.install.store.sqlite') : t('cabinet.install.store.postgres', { where: postgres })
  const health = reasons.length === 0 ? t('cabinet.install.healthy', { ms: writeMs }) : null
  return (
    <Question id="installation-this" title={t('cabinet.install.this')}>
      <dl class="answer facts">
        <Fact name={t('cabinet.install.health')}>
          <span role="status">
            {health === null ? null : (
              <span class="status" data-is="good">
                {health}
              </span>
            )}
            {reasons.map((reason) => (
              <span key={reason} class="status" data-is="attention">
                {trouble(t, reason)}
              </span>
            ))}
          </span>
        </Fact>
        <Fact name={t('cabinet.install.version')}>{version}</Fact>
        <Fact name={t('cabinet.install.since')}>
          <Time at={startedAt} />
        </Fact>
        <Fact name={t('cabinet.install.url')}>
          <bdi>{url}</bdi>
          {urlIsSet ? null : <span class="hint">{t('cabinet.install.url.hint')}</span>}
        </Fact>
        <Fact name={t('cabinet.install.store')}>{store}</Fact>
        <Fact name={t('cabinet.install.data')}>
          <bdi>{data}</bdi>
        </Fact>
        <Fact name={t('cabinet.install.disk')}>{size(t, freeBytes)}</Fact>
      </dl>
    </Question>
  )
}

const Fact = ({ name, children }: { name: string; children: ComponentChildren }) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
)

const troubles: Partial<Record<string, Key>> = {
  write_slow: 'cabinet.install.ill.write_slow',
  write_failed: 'cabinet.install.ill.write_failed',
  disk_full: 'cabinet.install.ill.disk_full',
  storage_full: 'cabinet.install.ill.disk_full',
  outbox_stuck: 'cabinet.install.ill.outbox_stuck',
}

const trouble = (t: Translate, code: string): string => t(troubles[code] ?? 'cabinet.install.ill.other', { code })

const megabyte = 1_000_000

function size(t: Translate, bytes: number): string {
  if (bytes >= 1000 * megabyte)
    return t('cabinet.install.gigabytes', { count: Math.floor(bytes / megabyte / 100) / 10 })
  return t('cabinet.install.megabytes', { count: Math.floor(bytes / megabyte) })
}
