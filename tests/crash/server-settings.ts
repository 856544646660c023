/** Where the server kills itself: around the COMMIT of a group, or between COMMIT and the first ack. */
export type FailPoint = 'before-commit' | 'after-commit' | 'before-ack'

export type Account = { email: string; name: string; role: 'owner' | 'admin' | 'agent'; password: string }

/** What the suite tells the server that it starts, by way of the environment. */
export type ServerSettings = {
  flags: Record<string, string | true>
  sink: string
  agents: Account[]
  failPoint: FailPoint | null
  /** Which time the fail point is passed, from 1. */
  failAfter: number
  /** Passages count only while this file exists; null counts all. */
  armedBy?: string | null
  /** Passages count only once a message with this text is on disk. */
  keptFirst?: string
  /** The data folder of the PostgreSQL that dies at the fail point instead of the server. */
  strikes?: string | null
}

const variable = 'KONTUAR_CRASH_SUITE'

export function writeSettings(settings: ServerSettings): Record<string, string> {
  return { [variable]: JSON.stringify(settings) }
}

export function readSettings(): ServerSettings {
  return JSON.parse(process.env[variable]!) as ServerSettings
}
