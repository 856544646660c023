/** What can go wrong between us and a mail server, in the order in which it does. Each has a sentence in the catalogues. */
export const troubles = [
  'not_set_up',
  'password_lost',
  'name_unknown',
  'name_failed',
  'address_forbidden',
  'connection_refused',
  'unreachable',
  'silent',
  'hung_up',
  'not_mail',
  'server_refused',
  'starttls_missing',
  'tls_missing',
  'tls_expired',
  'tls_self_signed',
  'tls_name',
  'tls_untrusted',
  'tls_failed',
  'login_needed',
  'login_missing',
  'login_refused',
  'sender_refused',
  'recipient_refused',
  'greylisted',
  'message_refused',
  'for_now',
  'unknown',
] as const
export type TroubleKind = (typeof troubles)[number]

/** Why a mail did not go out; `line` is what the server said, or its library of it. */
export class MailTrouble extends Error {
  readonly kind: TroubleKind
  readonly line: string | null
  /** Of this mail to this person alone, and for good: no other try can help. */
  readonly lasting: boolean

  constructor(kind: TroubleKind, line: string | null, lasting = false) {
    super(line === null ? kind : `${kind}: ${line}`)
    this.kind = kind
    this.line = line
    this.lasting = lasting
  }
}

/** How a trouble was written into the outbox, read again; null for what is none of ours. */
export function readTrouble(text: string): { kind: TroubleKind; line: string | null } | null {
  const [, name = '', line] = /^(?:Error: )?([a-z_]+)(?:: ([\s\S]*))?$/.exec(text) ?? []
  const kind = troubles.find((one) => one === name)
  return kind ? { kind, line: line ?? null } : null
}

type Said = {
  code?: string
  originalCode?: string
  command?: string
  responseCode?: number
  response?: string
  message?: string
}

/** What an error of the library means. */
export function troubleOf(error: unknown): MailTrouble {
  if (error instanceof MailTrouble) return error
  const said = error as Said
  const line = oneLine(said.response ?? said.message ?? String(error))
  const kind = byReply(said) ?? byCode(said) ?? 'unknown'
  const lasting = (said.responseCode ?? 0) >= 500 && (kind === 'recipient_refused' || kind === 'message_refused')
  return new MailTrouble(kind, line === '' ? null : line, lasting)
}

const oneLine = (text: string): string =>
  text
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim()
    .slice(0, 300)
    .toWellFormed()

/** What was answered to which command. */
function byReply({ responseCode, command = '' }: Said): TroubleKind | null {
  if (responseCode === undefined || responseCode < 400) return null
  if (responseCode === 530) return 'login_needed'
  if (command === 'STARTTLS') return 'starttls_missing'
  if (command.startsWith('AUTH') || responseCode === 535 || responseCode === 534)
    return responseCode < 500 ? 'for_now' : 'login_refused'
  const temporary = responseCode < 500
  if (command === 'RCPT TO') return temporary ? 'greylisted' : 'recipient_refused'
  if (temporary) return 'for_now'
  if (command === 'MAIL FROM') return 'sender_refused'
  if (command === 'DATA') return 'message_refused'
  return 'server_refused'
}

const codes: Record<string, TroubleKind> = {
  ECONNREFUSED: 'connection_refused',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  ETIMEDOUT: 'silent',
  EABORT: 'silent',
  ECONNECTION: 'hung_up',
  ECONNRESET: 'hung_up',
  EPROTOCOL: 'not_mail',
  EDNS: 'name_unknown',
  ENOAUTH: 'login_needed',
  CERT_HAS_EXPIRED: 'tls_expired',
  CERT_NOT_YET_VALID: 'tls_expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'tls_self_signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'tls_self_signed',
  ERR_TLS_CERT_ALTNAME_INVALID: 'tls_name',
  HOSTNAME_MISMATCH: 'tls_name',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'tls_untrusted',
  UNABLE_TO_GET_ISSUER_CERT: 'tls_untrusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'tls_untrusted',
}

function byCode({ code = '', originalCode = '', message = '' }: Said): TroubleKind | null {
  if (/WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG/i.test(message)) return 'tls_missing'
  const known = codes[originalCode] ?? codes[code]
  if (known) return known
  return /\b(tls|ssl|certificate)\b/i.test(`${message} ${code.replaceAll('_', ' ')}`) ? 'tls_failed' : null
}
