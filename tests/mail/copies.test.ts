import { afterAll, afterEach, beforeAll, beforeEach, expect, setDefaultTimeout, test } from 'bun:test'
import { type AgentActor, findConversation } from '../../src/features/conversations/index.ts'
import { sendMessage } from '../../src/features/messages/index.ts'
import type { VisitorActor } from '../../src/features/visitors/index.ts'
import { hire, newVisitor } from '../support/cast.ts'
import { openHouse, type TestHouse } from '../support/house.ts'
import { copyTo, mailThrough } from '../support/mail-house.ts'
import { MailServer } from '../support/smtp.ts'

setDefaultTimeout(30_000)
let house: TestHouse
let anna: AgentActor
let server: MailServer
let boris: VisitorActor

beforeAll(async () => {
  server = await MailServer.start()
  house = await openHouse()
  anna = await hire('Anna', 'owner')
  await mailThrough(anna, server.port)
})
afterAll(async () => {
  await house.close()
  await server.stop()
})
beforeEach(() => {
  boris = newVisitor(house.site.id)
  server.forget()
})

let made = 0
const say = (body: string) => ({ clientId: `m${++made}`, body })

test('a message is copied to each address', async () => {
  await copyTo(house.site.id, { addresses: ['office@shop.test', 'depot@shop.test'] })
  const { conversationId } = await sendMessage(boris, say('Do you deliver today?'))
  const mails = await server.mails(2)
  console.log(mails[0]!.envelope.raw)
  await sendMessage(anna, { ...say('Until eight.'), conversationId })
  const more = await server.mails(4)
  console.log(more[3]!.envelope.raw, more[3]!.text)
  expect(mails).toHaveLength(2)
})
