import { version } from '../../../package.json' with { type: 'json' }
import { db } from '../../platform/db/open.ts'
import { write } from '../../platform/db/write.ts'
import { keepSetting, readSetting } from '../settings/index.ts'
import { tellAgentsInside } from './tell-agents.ts'

const settingKey = 'system.version'

/**
 * Tells of a version that runs for the first time on this store, once. A new store is told nothing: all of it is new. What
 * there is to say of a version stands in the catalogues.
 */
export async function tellOfUpgrade(running: string = version): Promise<void> {
  const before = await readSetting<string>(settingKey, db)
  if (before === running) return
  await write(async (tx) => {
    await keepSetting(tx, settingKey, running)
    if (before === null || compareVersions(running, before) < 0) return
    const values = { version: running, before }
    await tellAgentsInside(tx, { kind: 'upgrade', code: 'upgraded', values, key: `upgraded:${running}` })
  })
}

/** Which of two versions (`1.10.2`) is the newer one: negative where it is `b`. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((one) => one.split(/[.-]/).map((part) => Number.parseInt(part, 10) || 0))
  for (let at = 0; at < 3; at++) {
    const difference = (left?.[at] ?? 0) - (right?.[at] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
