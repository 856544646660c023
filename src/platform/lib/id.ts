/** A new row id: UUIDv7, RFC 9562. Ids are names, not an order: order by `seq`. */
export const newId = (): string => Bun.randomUUIDv7()

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** Whether a value is an id as this house writes them (lower case, with dashes). */
export const isId = (value: unknown): value is string => typeof value === 'string' && uuid.test(value)

/** A secret of `bytes` random bytes in base64url. */
export const newSecret = (bytes: number): string =>
  Buffer.from(crypto.getRandomValues(new Uint8Array(bytes))).toString('base64url')

/** SHA-256 of a text in base64url: how secrets and contents are kept for comparison. */
export const digest = (text: string): string => new Bun.CryptoHasher('sha256').update(text).digest('base64url')
