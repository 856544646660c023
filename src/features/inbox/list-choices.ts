import { type Listed, noZone } from '../../../views/console/inbox-row.tsx'
import type { Choices } from '../../../views/console/list-filters.tsx'
import type { Translate } from '../../platform/lib/i18n.ts'
import { countFolder, heldBy, isAmong } from '../conversations/index.ts'
import { listSites } from '../sites/index.ts'
import { listZones } from '../zones/index.ts'
import { amongOf } from './list-queries.ts'
import { shared } from './shared-answers.ts'

/**
 * The zones and the sites by which a list can be filtered, each with how many of its folder that leaves, up to 100, the other
 * filter kept. The same for all in Waiting and Finished: counted once for all who ask at once.
 */
export function choicesOf(agentId: string, t: Translate, listed: Listed): Promise<Choices> {
  const { folder, zones, site } = listed
  if (folder === 'active') return countChoices(agentId, t, listed)
  const question = ['choices', folder, site ?? '', zones.join('.'), t.locale].join(' ')
  return shared(question, () => countChoices(agentId, t, listed))
}

async function countChoices(agentId: string, t: Translate, listed: Listed): Promise<Choices> {
  const [zones, sites] = await Promise.all([listZones(), listSites()])
  const count = await countingIn(agentId, listed)
  const named = zones.map(({ id, name, colour }) => ({ id, name, colour }))
  const all = zones.length === 0 ? [] : [...named, { id: noZone, name: t('console.filter.zone.none'), colour: '' }]
  return {
    zones: await Promise.all(all.map(async (zone) => ({ ...zone, count: await count({ zones: [zone.id] }) }))),
    sites:
      sites.length < 2
        ? []
        : await Promise.all(sites.map(async ({ id, name }) => ({ id, name, count: await count({ site: id }) }))),
  }
}

const mostCounted = 100

/** An agent's own are few, and asked about by each agent alone: they are read once and counted here, however many the choices. */
async function countingIn(agentId: string, listed: Listed): Promise<(among: Partial<Listed>) => Promise<number>> {
  const { folder } = listed
  const held = folder === 'active' ? await heldBy(agentId) : null
  return async (choice) => {
    const among = amongOf({ ...listed, ...choice })
    if (held === null) return countFolder(folder, agentId, among)
    return Math.min(mostCounted, held.filter((row) => isAmong(among, row)).length)
  }
}
