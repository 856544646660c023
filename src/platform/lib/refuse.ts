/**
 * Every refusal of the house: its HTTP status, and whether the same request may succeed later unchanged.
 * Codes are part of the public protocol: add, never rename. Sentences stand in the catalogues under `refusals.<code>`.
 */
export const refusals = {
  // requests
  bad_request: { status: 400, retryable: false },
  bad_frame: { status: 400, retryable: false },
  unknown_type: { status: 400, retryable: false },
  too_large: { status: 413, retryable: false },
  hello_first: { status: 400, retryable: false },
  unsupported_protocol: { status: 400, retryable: false },
  not_found: { status: 404, retryable: false },
  method_not_allowed: { status: 405, retryable: false },
  origin_refused: { status: 403, retryable: false },
  cross_site: { status: 403, retryable: false },
  // visitors and messages
  site_unknown: { status: 404, retryable: false },
  site_inactive: { status: 410, retryable: false },
  token_invalid: { status: 401, retryable: false },
  conversation_unknown: { status: 404, retryable: false },
  client_id_invalid: { status: 400, retryable: false },
  client_id_reused: { status: 409, retryable: false },
  kind_unknown: { status: 400, retryable: false },
  text_missing: { status: 400, retryable: false },
  text_too_long: { status: 400, retryable: false },
  text_invalid: { status: 400, retryable: false },
  form_invalid: { status: 422, retryable: false },
  chat_disabled: { status: 403, retryable: false },
  registration_needed: { status: 403, retryable: false },
  blocked: { status: 403, retryable: false },
  rate_limited: { status: 429, retryable: true },
  // conversations
  conversation_taken: { status: 409, retryable: false },
  conversation_finished: { status: 409, retryable: false },
  conversation_not_taken: { status: 409, retryable: false },
  // contacts and notes
  name_invalid: { status: 422, retryable: false },
  phone_invalid: { status: 422, retryable: false },
  linked_meanwhile: { status: 409, retryable: false },
  edited_meanwhile: { status: 409, retryable: false },
  // the shop's programs
  key_invalid: { status: 401, retryable: false },
  json_invalid: { status: 400, retryable: false },
  fields_invalid: { status: 422, retryable: false },
  precondition_failed: { status: 412, retryable: false },
  // sites
  settings_invalid: { status: 422, retryable: false },
  site_in_use: { status: 409, retryable: false },
  picture_invalid: { status: 422, retryable: false },
  picture_too_large: { status: 413, retryable: false },
  // templates
  placeholder_unknown: { status: 422, retryable: false },
  placeholder_unfilled: { status: 422, retryable: false },
  position_invalid: { status: 422, retryable: false },
  shortcut_invalid: { status: 422, retryable: false },
  language_unknown: { status: 422, retryable: false },
  templates_full: { status: 409, retryable: false },
  csv_invalid: { status: 422, retryable: false },
  // mail
  mail_not_set_up: { status: 409, retryable: false },
  mail_password_again: { status: 422, retryable: false },
  link_invalid: { status: 403, retryable: false },
  link_expired: { status: 410, retryable: false },
  link_used: { status: 410, retryable: false },
  csv_cell: { status: 422, retryable: false },
  csv_twice: { status: 422, retryable: false },
  // accounts
  sign_in_needed: { status: 401, retryable: false },
  sign_in_failed: { status: 401, retryable: false },
  sign_in_insecure: { status: 403, retryable: false },
  sign_in_throttled: { status: 429, retryable: true },
  forbidden: { status: 403, retryable: false },
  set_up_done: { status: 410, retryable: false },
  set_up_link_invalid: { status: 403, retryable: false },
  name_missing: { status: 422, retryable: false },
  email_invalid: { status: 422, retryable: false },
  email_taken: { status: 409, retryable: false },
  password_too_short: { status: 422, retryable: false },
  password_too_long: { status: 422, retryable: false },
  password_is_email: { status: 422, retryable: false },
  role_unknown: { status: 422, retryable: false },
  busy: { status: 503, retryable: true },
  // the store
  storage_full: { status: 503, retryable: true },
  storage_failed: { status: 503, retryable: true },
  storage_silent: { status: 503, retryable: true },
  storage_damaged: { status: 503, retryable: true },
  stopping: { status: 503, retryable: true },
  internal_error: { status: 500, retryable: true },
} as const satisfies Record<string, { status: number; retryable: boolean }>

export type RefusalCode = keyof typeof refusals
export type RefusalValues = Record<string, string | number>

/** What must not happen. Thrown inside `write` it also rolls the write back. */
export class Refusal extends Error {
  readonly code: RefusalCode
  readonly values: RefusalValues

  constructor(code: RefusalCode, values: RefusalValues = {}) {
    super(code)
    this.name = 'Refusal'
    this.code = code
    this.values = values
  }

  get status(): number {
    return refusals[this.code].status
  }

  get retryable(): boolean {
    return refusals[this.code].retryable
  }

  /** How long to wait before the same request is worth trying, in milliseconds. */
  get retryAfterMs(): number | undefined {
    const wait = this.values.retryAfterMs
    return typeof wait === 'number' ? wait : undefined
  }
}

/** `throw refuse('conversation_taken', { by: 'Anna' })` */
export const refuse = (code: RefusalCode, values?: RefusalValues): Refusal => new Refusal(code, values)
