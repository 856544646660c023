import type { ComponentChildren } from 'preact'
import type { Attributes, VisitorFacts } from '../../src/features/visitors/index.ts'
import type { Translate } from '../../src/platform/lib/i18n.ts'
import { isWebAddress, withoutScheme } from '../ui/web-address.ts'
import { Time } from '../ui/time.tsx'
import type { CardData } from './card-data.ts'

/** Where somebody is and what their browser is, by its own account. */
export function VisitSection({ t, card }: { t: Translate; card: CardData }) {
  const { facts, browser, siteName } = card
  const { language, timeZone, page, referrer, online, firstSeenAt, lastSeenAt } = facts
  return (
    <section class="section" aria-label={t('console.card.visit')}>
      <dl class="facts">
        <Fact name={t('console.card.language')}>{language === null ? null : languageName(t, language)}</Fact>
        <Fact name={t('console.card.local_time')}>
          {timeZone === null ? null : <span class="clock" data-zone={timeZone} title={timeZone} />}
        </Fact>
        <Fact name={t('console.card.site')}>{siteName === '' ? null : <bdi>{siteName}</bdi>}</Fact>
        <Fact name={t(online ? 'console.card.page' : 'console.card.last_page')}>
          {page === null ? null : <WebLink url={page.url} title={page.title ?? null} />}
        </Fact>
        <Fact name={t('console.card.referrer')}>
          {referrer === null ? null : <WebLink url={referrer} title={null} />}
        </Fact>
        <Fact name={t('console.card.browser')}>{browser?.browser}</Fact>
        <Fact name={t('console.card.system')}>{browser?.system}</Fact>
        <Fact name={t('console.card.device')}>{deviceName(t, browser)}</Fact>
        <Fact name={t('console.card.first_seen')}>
          <Time at={firstSeenAt} />
        </Fact>
        <Fact name={t('console.card.last_seen')}>{lastSeen(t, { online, lastSeenAt })}</Fact>
      </dl>
    </section>
  )
}

/** Nothing, where nothing is known. */
function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  if (children === null || children === undefined) return null
  return (
    <div class="fact">
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

function lastSeen(t: Translate, { online, lastSeenAt }: Pick<VisitorFacts, 'online' | 'lastSeenAt'>) {
  if (online) return t('console.card.now')
  return lastSeenAt === null ? null : <Time at={lastSeenAt} />
}

function deviceName(t: Translate, browser: CardData['browser']) {
  if (!browser?.device) return browser?.model
  const kind = t(`console.card.device.${browser.device}`)
  return browser.model === null ? kind : `${kind}, ${browser.model}`
}

// To make one costs more than the rest of the card.
const languageNames: Record<string, Intl.DisplayNames> = {}

/** A language as this reader's language calls it; the tag itself where nobody has a name for it. */
function languageName(t: Translate, tag: string): string {
  const names = (languageNames[t.locale] ??= new Intl.DisplayNames(t.locale, { type: 'language' }))
  const name = names.of(tag) ?? tag
  return name.slice(0, 1).toLocaleUpperCase(t.locale) + name.slice(1)
}

/** An address that a browser has told of: nothing is followed but the web, and nothing is said to it of us. */
function WebLink({ url, title }: { url: string; title: string | null }) {
  const short = withoutScheme(url)
  if (!isWebAddress(url)) return <bdi>{short}</bdi>
  return (
    <a class="link" href={url} title={url} target="_blank" rel="noopener noreferrer nofollow">
      <bdi class="clamped">{title ?? short}</bdi>
    </a>
  )
}

/** What the shop's page says of its visitor. */
export function AttributesSection({ t, attributes }: { t: Translate; attributes: Attributes }) {
  const said = Object.entries(attributes)
  if (said.length === 0) return null
  return (
    <section class="section" id="card-attributes" aria-labelledby="card-attributes-title">
      <h3 id="card-attributes-title">
        {t('console.card.attributes')} <span class="aside">{t('console.card.attributes.unchecked')}</span>
      </h3>
      <dl class="facts">
        {said.map(([name, value]) => (
          <div class="fact" key={name}>
            <dt>
              <bdi>{name}</bdi>
            </dt>
            <dd dir="auto">
              {typeof value === 'boolean' ? t(value ? 'console.card.yes' : 'console.card.no') : `${value}`}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
