import { Elysia } from 'elysia'
import { problem } from '../../platform/http/problem.tsx'
import { refuse } from '../../platform/lib/refuse.ts'
import { findPicture } from './find-picture.ts'

// Named by their content, so a browser may keep them for ever. A shop's page may show them, whatever it isolates itself by.
const headers = {
  'cache-control': 'public, max-age=31536000, immutable',
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'cross-origin',
  'content-security-policy': "default-src 'none'; sandbox",
}

/** The house's pictures, for anybody who knows their names. */
export const pictureApi = () =>
  new Elysia({ name: 'pictures' }).get('/pictures/:hash', ({ request, params }) => show(request, params.hash))

async function show(request: Request, hash: string): Promise<Response> {
  try {
    const picture = await findPicture(hash)
    if (!picture) throw refuse('not_found')
    return new Response(picture.bytes as BodyInit, { headers: { 'content-type': picture.mediaType, ...headers } })
  } catch (error) {
    return problem(error, request)
  }
}
