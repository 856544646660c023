import { Refusal, refuse } from '../lib/refuse.ts'

const bodyWithinMs = 15_000

/** Reads a request's body as text. Refuses what `readBytes` refuses, and `bad_request` for what is no UTF-8. */
export async function readBody(request: Request, maxBytes: number): Promise<string> {
  const bytes = await readBytes(request, maxBytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw refuse('bad_request')
  }
}

/**
 * Reads a request's body, giving up on one that is too long or that drips in too slowly.
 * Refuses `too_large` and `bad_request`.
 */
export async function readBytes(request: Request, maxBytes: number): Promise<Uint8Array> {
  const declared = Number(request.headers.get('content-length') ?? 0)
  if (declared > maxBytes) throw refuse('too_large', { max: maxBytes })
  const reader = request.body?.getReader()
  if (!reader) return new Uint8Array()
  const deadline = setTimeout(() => void reader.cancel().catch(() => undefined), bodyWithinMs)
  const chunks: Uint8Array[] = []
  let bytes = 0
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      bytes += part.value.byteLength
      if (bytes > maxBytes) throw refuse('too_large', { max: maxBytes })
      chunks.push(part.value)
    }
  } catch (error) {
    // The client hung up in the middle: nothing here has failed.
    throw error instanceof Refusal ? error : refuse('bad_request')
  } finally {
    clearTimeout(deadline)
    await reader.cancel().catch(() => undefined)
  }
  return Buffer.concat(chunks)
}
