import { Elysia } from 'elysia'
import { StyleguidePage } from '../../../views/styleguide/styleguide.tsx'
import { documentAssets } from '../../platform/http/document-assets.ts'
import { page } from '../../platform/http/page.tsx'
import { chooseLocale, fromRightToLeft, translator } from '../../platform/lib/i18n.ts'

/** All parts of the console on one page, where there is a demo: `?theme=dark`, `?lang=ru`, `?dir=rtl`. */
export const styleguideRoutes = () =>
  new Elysia({ name: 'inbox-styleguide' }).get('/styleguide', ({ request, query }) => {
    const spoken = translator(chooseLocale(request.headers.get('accept-language'), query.lang))
    const t = query.dir === 'rtl' ? fromRightToLeft(spoken) : spoken
    const theme = query.theme === 'light' || query.theme === 'dark' ? query.theme : null
    return page(<StyleguidePage t={t} assets={documentAssets('console')} theme={theme} />)
  })
