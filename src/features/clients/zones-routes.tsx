import { Elysia } from 'elysia'
import type { SheetRefused } from '../../../views/console/card-sheet.tsx'
import { ZoneList, ZoneSheet, ZonesPage } from '../../../views/settings/zones.tsx'
import { freshColour } from '../../../views/ui/zone-colours.ts'
import type { Config } from '../../config.ts'
import { documentAssets } from '../../platform/http/document-assets.ts'
import { readFields } from '../../platform/http/form.ts'
import { fragment, json, page, wantsJson } from '../../platform/http/page.tsx'
import { problem } from '../../platform/http/problem.tsx'
import { refuse } from '../../platform/lib/refuse.ts'
import { type Asked, insideOf, managed, raw, viewerOf } from '../agents/index.ts'
import { findZone, listZones } from '../zones/index.ts'
import { isTold, refusedSheet } from './refused-sheet.ts'
import { placeZone, removeZone, writeZone } from './zone-by-hand.ts'

/** The cabinet's page of delivery zones. */
export function zonesRoutes(config: Config) {
  const inside = managed(insideOf(config))
  return new Elysia({ name: 'clients-zones' })
    .onError(({ error, request }) => problem(error, request))
    .get('/settings/zones', inside(showPage))
    .get('/settings/zones/list', inside(showList))
    .get('/settings/zones/new', inside(showSheet))
    .get('/settings/zones/:id', inside(showSheet))
    .post('/settings/zones', inside(save), raw)
    .put('/settings/zones/:id', inside(save), raw)
    .put('/settings/zones/:id/place', inside(place), raw)
    .put('/settings/zones/:id/removal', inside(remove(true)), raw)
    .delete('/settings/zones/:id/removal', inside(remove(false)), raw)
}

async function showPage({ agent, t }: Asked): Promise<Response> {
  const shell = { t, assets: documentAssets('settings'), viewer: viewerOf(agent) }
  return page(<ZonesPage {...shell} zones={await listZones()} />)
}

const showList = async ({ t }: Asked): Promise<Response> => fragment(<ZoneList t={t} zones={await listZones()} />)

const showSheet = (asked: Asked): Promise<Response> => sheetOf(asked)

async function sheetOf({ t, params }: Asked, refused?: SheetRefused, status = 200): Promise<Response> {
  const zone = params.id === undefined ? null : await findZone(params.id)
  if (params.id !== undefined && zone === null) throw refuse('not_found')
  const colour = freshColour(await listZones())
  return fragment(<ZoneSheet t={t} zone={zone} colour={colour} refused={refused} />, { status })
}

async function save(asked: Asked): Promise<Response> {
  const typed = await readFields(asked.request)
  try {
    const zone = await writeZone(asked.agent, asked.params.id ?? null, typed)
    return wantsJson(asked.request) ? json({ id: zone.id }) : new Response(null, { status: 204 })
  } catch (error) {
    if (!isTold(error) || wantsJson(asked.request)) throw error
    return sheetOf(asked, refusedSheet(asked.t, typed, error), error.status)
  }
}

async function place({ agent, params, request }: Asked): Promise<Response> {
  const { after } = await readFields(request)
  await placeZone(agent, params.id ?? '', typeof after === 'string' && after !== '' ? after : null)
  return new Response(null, { status: 204 })
}

const remove =
  (removed: boolean) =>
  async ({ agent, params }: Asked): Promise<Response> => {
    await removeZone(agent, params.id ?? '', removed)
    return new Response(null, { status: 204 })
  }
