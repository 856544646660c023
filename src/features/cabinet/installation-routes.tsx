import { Elysia } from 'elysia'
import { version } from '../../../package.json' with { type: 'json' }
import { ApiKeys } from '../../../views/settings/api-keys.tsx'
import { type Installation, InstallationPage } from '../../../views/settings/installation.tsx'
import type { Config } from '../../config.ts'
import { documentAssets } from '../../platform/http/document-assets.ts'
import { readiness } from '../../platform/http/health.ts'
import { page } from '../../platform/http/page.tsx'
import { problem } from '../../platform/http/problem.tsx'
import { now } from '../../platform/lib/clock.ts'
import { type Asked, type Inside, viewerOf } from '../agents/index.ts'
import { keyRows } from '../api-keys/index.ts'
import { listSites, snippetFor } from '../sites/index.ts'

/** What is running here. */
export const installationRoutes = (inside: Inside, config: Config) =>
  new Elysia({ name: 'cabinet-installation' })
    .onError(({ error, request }) => problem(error, request))
    .get(
      '/settings/installation',
      inside((asked) => showInstallation(asked, config)),
    )

async function showInstallation({ agent, t, origin }: Asked, config: Config): Promise<Response> {
  return page(
    <InstallationPage
      t={t}
      assets={documentAssets('settings')}
      viewer={viewerOf(agent)}
      found={await installation(origin, config)}
    >
      <ApiKeys t={t} keys={await keyRows()} />
    </InstallationPage>,
  )
}

async function installation(origin: string, config: Config): Promise<Installation> {
  const { freeBytes, writeMs, reasons } = await readiness()
  const sites = (await listSites()).filter(({ deactivatedAt }) => deactivatedAt === null)
  return {
    version,
    startedAt: now() - Math.round(process.uptime()) * 1000,
    url: config.publicUrl ?? origin,
    urlIsSet: config.publicUrl !== null,
    postgres: config.databaseUrl === null ? null : placeOf(config.databaseUrl),
    data: config.data,
    freeBytes,
    writeMs,
    reasons,
    snippets: sites.map(({ id, name }) => ({ id, name, snippet: snippetFor(origin, id) })),
  }
}

/** Where a database is, without who enters it and by what. */
function placeOf(url: string): string {
  const { host, pathname } = new URL(url)
  return `${host}${pathname}`
}
