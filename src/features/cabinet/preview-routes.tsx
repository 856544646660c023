import { Elysia } from 'elysia'
import { PreviewPage } from '../../../views/settings/preview.tsx'
import { asset } from '../../platform/http/assets.ts'
import { readBytes } from '../../platform/http/body.ts'
import { contentSecurityPolicy, json, page } from '../../platform/http/page.tsx'
import { problem } from '../../platform/http/problem.tsx'
import { write } from '../../platform/db/write.ts'
import { locales } from '../../platform/lib/i18n.ts'
import { type Asked, type Inside, raw } from '../agents/index.ts'
import { keepPicture, readyPicture } from '../pictures/index.ts'

const mostBytes = 8 * 1024 * 1024

/** The widget as it is about to be, and the pictures that it is about to show. */
export const previewRoutes = (inside: Inside) =>
  new Elysia({ name: 'cabinet-preview' })
    .onError(({ error, request }) => problem(error, request))
    .get('/settings/preview', inside(showPreview))
    .post('/settings/pictures', inside(uploadPicture), raw)

async function showPreview({ t }: Asked): Promise<Response> {
  const assets = {
    styles: [asset('frame.css'), asset('preview.css')],
    script: asset('preview.js'),
    parts: Object.fromEntries(locales.map((locale) => [`words-${locale}`, asset(`words-${locale}.js`)])),
  }
  const policy = contentSecurityPolicy({ 'frame-ancestors': "'self'", 'form-action': "'none'" })
  return page(<PreviewPage locale={t.locale} title={t('cabinet.chat.preview')} assets={assets} />, {
    headers: { 'Content-Security-Policy': policy },
  })
}

/** Keeps a picture, whatever becomes of the form that it was chosen for, and answers with the name it has then. */
async function uploadPicture({ request }: Asked): Promise<Response> {
  const picture = await readyPicture(await readBytes(request, mostBytes))
  return json({ hash: await write((tx) => keepPicture(tx, picture)) }, { status: 201 })
}
