import { createTransport } from 'nodemailer'
import { addressesOf } from './addresses-of.ts'
import { MailTrouble, troubleOf } from './trouble.ts'

/** STARTTLS is demanded where it is chosen: a server, or whoever sits before it, that does not offer it gets nothing. */
export const securities = ['starttls', 'tls', 'none'] as const
export type Security = (typeof securities)[number]

/** A mail server that takes our mail. `login` null: it knows us otherwise. */
export type MailServer = {
  host: string
  port: number
  security: Security
  login: { user: string; password: string } | null
}

/** One mail to one person. */
export type Letter = {
  from: { name: string; address: string }
  to: string
  subject: string
  text: string
  html: string
  /** Of whole header values, without angle brackets. */
  messageId: string
  inReplyTo?: string
  headers: Record<string, string>
  /** UTC milliseconds. */
  at: number
}

const connectMs = 8000
const greetingMs = 10_000
const silenceMs = 20_000
/** Connections at the same time: many servers count them, and turn away whoever has too many. */
const mostAtOnce = 3

let open = 0
// In the order in which they came.
const queue = new Set<() => void>()

/**
 * Hands a mail to the server. Resolves with the server's own answer once it has taken it. Throws `MailTrouble`. Names are
 * looked up once, and that address is the one that is spoken to.
 */
export async function sendLetter(server: MailServer, letter: Letter, signal: AbortSignal): Promise<string> {
  await turn(signal)
  try {
    return await sendToAny(await addressesOf(server.host), server, letter, signal)
  } finally {
    open -= 1
    callNext()
  }
}

async function turn(signal: AbortSignal): Promise<void> {
  while (open >= mostAtOnce && !signal.aborted) {
    const { promise, resolve } = Promise.withResolvers<void>()
    const come = () => resolve()
    queue.add(come)
    signal.addEventListener('abort', come, { once: true })
    await promise
    queue.delete(come)
  }
  if (!signal.aborted) return void (open += 1)
  // Called and given up at once: the turn is the next one's.
  callNext()
  throw new MailTrouble('silent', null)
}

function callNext(): void {
  const [next] = queue
  if (!next || open >= mostAtOnce) return
  queue.delete(next)
  next()
}

/** The next address only where at the one before nobody was at home. */
async function sendToAny(
  [address = '', ...others]: string[],
  server: MailServer,
  letter: Letter,
  signal: AbortSignal,
): Promise<string> {
  try {
    return await sendTo(address, server, letter, signal)
  } catch (error) {
    const trouble = troubleOf(error)
    if (others.length === 0 || trouble.kind !== 'connection_refused') throw trouble
    return sendToAny(others, server, letter, signal)
  }
}

async function sendTo(address: string, server: MailServer, letter: Letter, signal: AbortSignal): Promise<string> {
  const { host, port, security, login } = server
  const transport = createTransport({
    host: address,
    port,
    servername: host,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    ...(login ? { auth: { user: login.user, pass: login.password } } : {}),
    tls: { servername: host, minVersion: 'TLSv1.2' },
    connectionTimeout: connectMs,
    greetingTimeout: greetingMs,
    socketTimeout: silenceMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  try {
    const { from, to, subject, text, html, messageId, inReplyTo, headers, at } = letter
    const { response } = await transport.sendMail({
      ...{ from, subject, text, html, headers },
      // As an object it is one address, whatever stands in it.
      to: { name: '', address: to },
      envelope: { from: from.address, to: [to] },
      messageId: `<${messageId}>`,
      ...(inReplyTo === undefined ? {} : { inReplyTo: `<${inReplyTo}>`, references: `<${inReplyTo}>` }),
      date: new Date(at),
      signal,
      disableFileAccess: true,
      disableUrlAccess: true,
    })
    return response
  } finally {
    transport.close()
  }
}
