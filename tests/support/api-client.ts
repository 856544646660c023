import { makeKey } from '../../src/features/api-keys/index.ts'
import { hire } from './cast.ts'

export type ApiAnswer = {
  status: number
  type: string | null
  etag: string | null
  retryAfter: string | null
  text: string
  /** Of an answer without a body nothing can be read. */
  json: ApiJson
}

/** What a program reads from answers of all kinds. */
export type ApiJson = {
  externalId: string
  name: string | null
  zone: string | null
  addresses: { externalId: string; main: boolean; zone: string | null }[]
  placedAt: string
  order: string | null
  address: string | null
  status: string | number
  code: string
  type: string
  errors: { pointer: string; code: string; detail: string }[]
}

/** A program of the shop, with a key that an admin made for it. */
export class ApiClient {
  readonly base: string
  readonly key: string

  constructor(base: string, key: string) {
    this.base = base
    this.key = key
  }

  /** With a key that a new admin of this name makes. */
  static async of(base: string, admin: string): Promise<ApiClient> {
    const { key } = await makeKey(await hire(admin, 'admin'), '1C')
    return new ApiClient(base, key)
  }

  get(path: string, headers: Record<string, string> = {}): Promise<ApiAnswer> {
    return this.request('GET', path, undefined, headers)
  }

  put(path: string, body: unknown, headers: Record<string, string> = {}): Promise<ApiAnswer> {
    return this.request('PUT', path, typeof body === 'string' ? body : JSON.stringify(body), headers)
  }

  delete(path: string, headers: Record<string, string> = {}): Promise<ApiAnswer> {
    return this.request('DELETE', path, undefined, headers)
  }

  /** `path` stands after `/api/v1/`. */
  async request(method: string, path: string, body?: string, headers: Record<string, string> = {}): Promise<ApiAnswer> {
    const response = await fetch(`${this.base}/api/v1/${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.key}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body }),
    })
    const text = await response.text()
    return {
      status: response.status,
      type: response.headers.get('content-type'),
      etag: response.headers.get('etag'),
      retryAfter: response.headers.get('retry-after'),
      text,
      json: (text === '' ? null : JSON.parse(text)) as ApiJson,
    }
  }
}
