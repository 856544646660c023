import { SQL } from 'bun'
import { freshDatabase, type Postgres } from '../support/postgres.ts'
import type { Outcome } from '../support/visitor-client.ts'
import { Directed, type Story, tell } from './directed.ts'
import { Proxy } from './proxy.ts'
import type { FailPoint } from './server-settings.ts'
import { until } from './waiting.ts'

// Stories that only PostgreSQL can tell: it dies alone, or the way to it breaks, and the house lives on.

/** PostgreSQL dies with a message written and its COMMIT about to be sent. */
export const diesUnderCommit = (postgres: Postgres): Story => diesAt(postgres, 'before-commit')

/** PostgreSQL dies in the moment in which a COMMIT has returned: what it said is kept has to be there. */
export const diesAfterCommit = (postgres: Postgres): Story => diesAt(postgres, 'after-commit')

function diesAt(postgres: Postgres, point: FailPoint): Story {
  return async (folder, tree) => {
    const { url: database } = await freshDatabase(postgres.url)
    return tell(Directed.open(folder, tree, point, { database, strikes: postgres.data }), async (house) => {
      await house.send('the first one')
      await house.arm()
      const cutOff = await house.send('the one that is under way')
      await postgres.kill()
      await postgres.start()
      await house.recovers()
      await untilSettled(cutOff)
      await house.send('the one that comes after')
    })
  }
}

/** The way to PostgreSQL breaks in the middle of a COMMIT, which is carried out all the same: nobody sees it happen. */
export const losesTheAnswer =
  (postgres: Postgres): Story =>
  async (folder, tree) => {
    const { url } = await freshDatabase(postgres.url)
    const through = new URL(url)
    const proxy = await Proxy.listen()
    proxy.target = Number(through.port)
    through.port = `${proxy.port}`
    try {
      return await tell(Directed.open(folder, tree, null, { database: through.href }), async (house) => {
        await house.send('the first one')
        const watching = await house.watch()
        await house.catchUp()
        await house.quiet()
        await ask(url, slowCommit)
        const sending = house.send('the one whose answer is lost')
        await untilCommitting(url)
        proxy.inflict('reset')
        proxy.lift()
        await sending
        await until(() => !watching.open)
      })
    } finally {
      await proxy.close()
    }
  }

// Before anything is decided.
const slowCommit = `
  CREATE FUNCTION be_slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(2); RETURN NULL; END $$;
  CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON messages DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION be_slow()`
const committing = `SELECT pid FROM pg_stat_activity
  WHERE datname = current_database() AND query = 'COMMIT' AND state = 'active'`

/** Many write into one conversation at once: each has to wait for the one before to end. */
export const crowds =
  (postgres: Postgres): Story =>
  async (folder, tree) => {
    const { url: database } = await freshDatabase(postgres.url)
    const agents = Array.from({ length: 10 }, (_, number) => ({
      name: `agent${number}`,
      email: `agent${number}@water.test`,
      role: 'agent' as const,
      password: 'crash-suite-password',
    }))
    return tell(Directed.open(folder, tree, null, { database, agents }), async (house) => {
      const { outcome } = await house.send('the first one')
      if (outcome.outcome !== 'ok') throw new Error('the first message was not kept')
      await house.crowd(outcome.conversationId, 12)
    })
  }

/** Over one connection: the COMMIT lasts no longer than it takes to open a few. */
async function untilCommitting(url: string): Promise<void> {
  const sql = new SQL(url, { max: 1 })
  try {
    await until(async () => ((await sql.unsafe(committing)) as unknown[]).length > 0)
  } finally {
    await sql.close()
  }
}

async function untilSettled(sent: { outcome: Outcome; again(): Promise<Outcome> }): Promise<void> {
  for (let { outcome } = sent; outcome.outcome !== 'ok'; outcome = await sent.again()) await Bun.sleep(50)
}

async function ask(url: string, statement: string): Promise<unknown[]> {
  const sql = new SQL(url, { max: 1 })
  try {
    return [...((await sql.unsafe(statement)) as unknown[])]
  } finally {
    await sql.close()
  }
}
