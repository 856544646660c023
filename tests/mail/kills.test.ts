import { test } from 'bun:test'
import { mailOverKills } from '../support/mail-story.ts'
import { builtProgram } from '../support/program.ts'

test('mail outlives kills and a mail server that is away: each message arrives once, in order', async () => {
  await mailOverKills(builtProgram)
}, 60_000)
