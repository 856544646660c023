import { expect } from 'bun:test'
import { holdConversation } from './conversation.ts'
import { freshFolder, type Program, startServing } from './program.ts'
import { MailServer } from './smtp.ts'
import { newClientId, sendOverHttp } from './visitor-client.ts'
import { eventually } from './waiting.ts'

/**
 * A house whose mail server is away is killed, twice, and started again: what was written before and in between arrives,
 * each message once under one Message-ID, in order.
 */
export async function mailOverKills(kontuar: Program): Promise<void> {
  await using folder = await freshFolder()
  const server = await MailServer.start({ login: { user: 'shop', password: 'hunter2' } })
  await server.stop()
  await using first = await startServing(kontuar, ['--data', folder.path])
  const { owner, conversationId, visitorToken } = await holdConversation(first.url, first.stdout)
  const mail = {
    ...{ host: '127.0.0.1', port: `${server.port}`, security: 'none', user: 'shop', password: 'hunter2' },
    ...{ senderName: 'Spring Water', senderAddress: 'chat@shop.test', locale: 'ru' },
  }
  expect((await owner.request('PUT', '/settings/mail', mail)).status).toBe(200)
  const copies = { copies: 'on', addresses: 'office@shop.test', often: 'each', withAnswers: 'on', withFeedback: 'on' }
  const chat = { chatEnabled: 'on', audience: 'anyone', greeting: '', greetingPicture: '', ...copies }
  const put = await owner.request('PUT', '/settings/chat', chat)
  expect([put.status, put.text]).toEqual([200, put.text])

  await sendOverHttp(first.url, visitorToken, { clientId: newClientId(), body: 'one' })
  await owner.send(conversationId, { clientId: newClientId(), body: 'two' })
  await first.end('SIGKILL')
  await using second = await startServing(kontuar, ['--data', folder.path])
  await sendOverHttp(second.url, visitorToken, { clientId: newClientId(), body: 'three' })
  await second.end('SIGKILL')
  // Taken, but never answered for: the same mails come again.
  await server.start({ login: { user: 'shop', password: 'hunter2' }, loseAnswer: true })
  await using third = await startServing(kontuar, ['--data', folder.path])
  await server.mails(1)
  await third.end('SIGKILL')
  await server.behave({})
  await using fourth = await startServing(kontuar, ['--data', folder.path])
  const owners = Object.assign(owner, { base: fourth.url, origin: fourth.url })
  expect((await owners.request('POST', '/settings/mail/outbox/tries')).status).toBe(200)
  const ids = async () => (await server.mails(1)).map(({ messageId }) => messageId!)
  await eventually(async () => new Set(await ids()).size, 3)
  const seqs = [...new Set(await ids())].map((id) => Number(/\.(\d+)@shop\.test>$/.exec(id)?.[1]))
  expect(seqs).toHaveLength(3)
  expect(seqs).toEqual(seqs.toSorted((a, b) => a - b))
  const words = new Map((await server.mails(1)).map(({ messageId, text }) => [messageId, text?.split('\n')[5]]))
  expect([...words.values()]).toEqual(['one', 'two', 'three'])
  expect((await owners.request('GET', '/settings/mail/outbox')).json).toMatchObject({ counts: { dead: 0 } })
  const ended = await fourth.end('SIGTERM')
  expect(ended.code).toBe(0)
  expect(ended.stderr + ended.stdout).not.toContain('hunter2')
  await server.stop()
}
