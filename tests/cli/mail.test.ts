import { test } from 'bun:test'
import { executable } from '../support/executable.ts'
import { mailOverKills } from '../support/mail-story.ts'

test('the executable sends mail, also after kills and to a server that was away', async () => {
  await mailOverKills([await executable()])
}, 150_000)
