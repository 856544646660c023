/** A visitor as docs/protocol.md describes one: a session over HTTP, then `hello` and `send` over the socket. */
import { Wire } from './wire.ts'

export type ServerFrame = { type: string; clientId?: string; code?: string; retryable?: boolean; retryAfterMs?: number }

export type Visitor = { wire: Wire; send(clientId: string, body: string): void }

export async function openSession(url: string, siteId: string): Promise<string> {
  const response = await fetch(`${url}/api/widget/v1/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ siteId }),
  })
  if (!response.ok) throw new Error(`POST sessions: ${response.status} ${await response.text()}`)
  const { visitorToken } = (await response.json()) as { visitorToken: string }
  return visitorToken
}

export async function connectVisitor(
  url: string,
  siteId: string,
  on: { frame(frame: ServerFrame): void; close?(code: number, reason: string): void },
  from?: string,
): Promise<Visitor> {
  const token = await openSession(url, siteId)
  const welcomed = Promise.withResolvers<void>()
  const wire = await Wire.connect({
    url: `${url}/api/widget/v1/socket`,
    ...(from === undefined ? {} : { from }),
    onText(text) {
      const frame = JSON.parse(text) as ServerFrame
      if (frame.type === 'welcome') welcomed.resolve()
      else if (frame.type === 'refuse' && frame.clientId === undefined) welcomed.reject(new Error(`hello: ${text}`))
      on.frame(frame)
    },
    onClose(code, reason) {
      welcomed.reject(new Error(`closed: ${code} ${reason}`))
      on.close?.(code, reason)
    },
  })
  wire.send(JSON.stringify({ type: 'hello', protocol: 1, token }))
  await welcomed.promise
  return { wire, send: (clientId, body) => wire.send(JSON.stringify({ type: 'send', clientId, body })) }
}

const bodies = [
  'Hello! Can you bring two 19-litre bottles tomorrow before noon?',
  'Здравствуйте, можно перенести доставку на вечер, после семи?',
  'Dzień dobry, czy dowozicie na Mokotów w sobotę?',
  'Bonjour, je voudrais ajouter six bouteilles à ma commande.',
  'ok',
  'The courier called, thank you. Next time please leave the empty bottles at the door, the code of the gate is on the order.',
]

export function bodyFor(index: number): string {
  return bodies[index % bodies.length] ?? 'ok'
}

export function randomId(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(12))).toString('base64url')
}
