import { refuse } from '../../platform/lib/refuse.ts'

/** A picture that may be kept and shown to anybody. */
export type ReadyPicture = { hash: string; mediaType: string; bytes: Uint8Array }

const mostBytes = 8 * 1024 * 1024
const mostPixels = 40_000_000
/** The longer side, in pixels: twice what the widget's head and launcher show, for dense screens, and then some. */
const longestSide = 512
// Of this size 512 pixels need far less; what is longer carries something else, such as a huge colour profile.
const mostBytesKept = 512 * 1024

const tooLarge = () => refuse('picture_too_large', { max: mostBytes / 1024 / 1024, pixels: mostPixels / 1_000_000 })

/**
 * Makes a picture of whatever somebody uploaded (JPEG, PNG, WebP, GIF, BMP, by its first bytes, never by its name): drawn
 * anew as WebP within 512 x 512 pixels, so that nothing else that was in the file (where it was taken, a script) is left. Slow, so
 * never inside a write. Refuses `picture_too_large` and `picture_invalid`.
 */
export async function readyPicture(given: Uint8Array): Promise<ReadyPicture> {
  if (given.byteLength > mostBytes) throw tooLarge()
  const bytes = await draw(given)
  if (bytes.byteLength > mostBytesKept) throw tooLarge()
  return { hash: new Bun.CryptoHasher('sha256').update(bytes).digest('hex'), mediaType: 'image/webp', bytes }
}

async function draw(given: Uint8Array): Promise<Uint8Array> {
  try {
    // A copy: the pipeline runs on another thread, and what was given may be changed meanwhile.
    return await new Bun.Image(new Uint8Array(given), { maxPixels: mostPixels })
      .resize(longestSide, longestSide, { fit: 'inside', withoutEnlargement: true })
      .webp({ quality: 85 })
      .bytes()
  } catch (error) {
    throw (error as { code?: string }).code === 'ERR_IMAGE_TOO_MANY_PIXELS' ? tooLarge() : refuse('picture_invalid')
  }
}
