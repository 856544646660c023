import { direction, type Translate } from '../../src/platform/lib/i18n.ts'
import { codeOf, details, examples, listening, literal, type Runnable, stub } from './api-examples.ts'

type Props = {
  t: Translate
  /** where this is served, as a shop writes it */
  origin: string
  /** the site whose chat the examples run in; null runs none */
  siteId: string | null
  assets: { style: string; script: string; icon: string }
}

const commands = [...(Object.keys(examples) as Runnable[]).slice(0, -1), 'on', 'off', 'shutdown'] as const
const events = Object.keys(details) as (keyof typeof details)[]

/** kontuar(...), with every command to try out and every event as it comes. */
export function ApiPage({ t, origin, siteId, assets }: Props) {
  return (
    <html lang={t.locale} dir={direction(t.locale)}>
      <head>
        <meta charset="utf-8" />
        <title>{t('api.title')}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <link rel="icon" href={assets.icon} type="image/svg+xml" />
        <link rel="stylesheet" href={assets.style} />
        {siteId && <script type="module" src={assets.script} />}
        {siteId && <script async src={`/widget.js?site=${siteId}`} />}
      </head>
      <body>
        <main>
          <h1>{t('api.title')}</h1>
          <p class="lead">{t('api.lead')}</p>
          {!siteId && <p class="note">{t('api.noSite')}</p>}
          <Embedding t={t} origin={origin} siteId={siteId} />
          <Commands t={t} live={siteId !== null} />
          <Events t={t} />
        </main>
        <aside aria-labelledby="log-title">
          <h2 id="log-title">{t('api.log')}</h2>
          <div class="log" role="log" tabIndex={0} aria-labelledby="log-title">
            <ol id="log" data-nothing={t('api.nothing')} />
          </div>
        </aside>
      </body>
    </html>
  )
}

function Embedding({ t, origin, siteId }: Pick<Props, 't' | 'origin' | 'siteId'>) {
  const snippet = `<script>${stub}</script>\n<script async src="${origin}/widget.js?site=${siteId ?? 'SITE_ID'}"></script>`
  return (
    <section aria-labelledby="embed">
      <h2 id="embed">{t('api.embed')}</h2>
      <p>{t('api.embedText')}</p>
      <Code text={snippet} />
      <p>{t('api.policy', { origin })}</p>
      <p>{t('api.rules')}</p>
      <p>
        <a href="/widget/kontuar.d.ts">{t('api.types', { file: 'kontuar.d.ts' })}</a>
      </p>
    </section>
  )
}

function Commands({ t, live }: { t: Translate; live: boolean }) {
  return (
    <section aria-labelledby="commands">
      <h2 id="commands">{t('api.commands')}</h2>
      {commands.map((command) => (
        <section key={command} class="command" aria-labelledby={`command-${command}`}>
          <h3 id={`command-${command}`}>
            <code>{command}</code>
          </h3>
          <p>{t(`api.command.${command}`)}</p>
          {command === 'on' || command === 'off' ? (
            <Code text={listening[command]} />
          ) : (
            <Example t={t} command={command} live={live} />
          )}
        </section>
      ))}
    </section>
  )
}

function Example({ t, command, live }: { t: Translate; command: Runnable; live: boolean }) {
  const calls = examples[command]
  return (
    <div class="example">
      <Code text={codeOf(calls)} />
      <button
        type="button"
        disabled={!live}
        data-calls={JSON.stringify(calls)}
        aria-label={t('api.runOf', { command })}
      >
        {t('api.run')}
      </button>
    </div>
  )
}

const Events = ({ t }: { t: Translate }) => (
  <section aria-labelledby="events">
    <h2 id="events">{t('api.events')}</h2>
    <table>
      <thead>
        <tr>
          <th scope="col">{t('api.event')}</th>
          <th scope="col">{t('api.meaning')}</th>
          <th scope="col">{t('api.detail')}</th>
        </tr>
      </thead>
      <tbody>
        {events.map((event) => (
          <tr key={event}>
            <th scope="row">
              <code>{event}</code>
            </th>
            <td>{t(`api.event.${event}`)}</td>
            <td>
              <code dir="ltr">{literal(details[event])}</code>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  </section>
)

// A long line is scrolled, by the keyboard too.
const Code = ({ text }: { text: string }) => (
  <pre dir="ltr" tabIndex={0}>
    <code>{text}</code>
  </pre>
)
