import { digest } from '../../platform/lib/id.ts'

const clientIdShape = /^[A-Za-z0-9_-]{1,64}$/

/** Whether a value can be a sender's own key for a message. */
export const isClientId = (value: unknown): value is string => typeof value === 'string' && clientIdShape.test(value)

/** What tells a repeat of a text from another one under the same key. */
export const textDigest = (body: string): string => digest(`text\0${body}`)
