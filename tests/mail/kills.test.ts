import { test } from 'bun:test'
import { mailOverKills } from '../support/mail-story.ts'
import { fromSource } from '../support/program.ts'

test('mail outlives kills and a mail server that is away: each message arrives once, in order', async () => {
  await mailOverKills(fromSource)
}, 60_000)
