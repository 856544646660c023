import type { Translate } from '../../src/platform/lib/i18n.ts'

// Kept by the browser for when nothing else can be had: it brings its style and its script along, and tries again by itself,
// as soon as a server answers.
export const offlineScript =
  "const again=()=>fetch('/healthz',{cache:'no-store'}).then(({ok})=>ok&&location.reload(),()=>{});" +
  "addEventListener('online',again);setInterval(again,3000)"

export const offlineStyle = [
  ':root{color-scheme:light dark}',
  'body{margin:0;min-block-size:100dvh;display:grid;place-content:center;gap:12px;padding:24px;box-sizing:border-box',
  ';max-inline-size:26rem;margin-inline:auto;font:16px/1.5 system-ui,sans-serif',
  ';background:light-dark(#f2f1ee,#141211);color:light-dark(#1d1b19,#e9e8e5)}',
  'h1{margin:0;font-size:1.25rem;font-weight:600}p{margin:0;color:light-dark(#58554f,#adaaa5)}',
  'a{color:light-dark(#155c88,#81bfeb);display:inline-block;padding-block:10px}',
].join('')

/** Says that the server cannot be reached, and that nothing that was typed is lost. */
export function OfflinePage({ t }: { t: Translate }) {
  return (
    <html lang={t.locale} dir={t.dir}>
      <head>
        <meta charset="utf-8" />
        <title>{t('account.title', { page: t('console.offline.title') })}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <link rel="icon" href="data:," />
        <script type="module" dangerouslySetInnerHTML={{ __html: offlineScript }} />
        <style dangerouslySetInnerHTML={{ __html: offlineStyle }} />
      </head>
      <body>
        <main>
          <h1>{t('console.offline.title')}</h1>
          <p>{t('console.offline')}</p>
          <p>
            <a href="">{t('console.offline.again')}</a>
          </p>
        </main>
      </body>
    </html>
  )
}
