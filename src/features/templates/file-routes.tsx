import { Elysia } from 'elysia'
import { ImportDialog } from '../../../views/settings/templates-import.tsx'
import { readBytes } from '../../platform/http/body.ts'
import { fragment, json, wantsJson } from '../../platform/http/page.tsx'
import { problem, sentenceOf } from '../../platform/http/problem.tsx'
import { refuse } from '../../platform/lib/refuse.ts'
import { type Asked, type Inside, raw } from '../agents/index.ts'
import type { Separator } from './csv-cells.ts'
import { importTemplates, planImport } from './import-templates.ts'
import { exportTemplates, readTemplatesFile } from './templates-csv.ts'

// No request may be larger.
const mostFileBytes = 1024 * 1024
const rowsAtOnce = 50

/** Templates as a file, there and back. */
export const fileRoutes = (admins: Inside) =>
  new Elysia({ name: 'templates-files' })
    .onError(({ error, request }) => problem(error, request))
    .get('/settings/templates/export', admins(giveOut))
    .post('/settings/templates/import/preview', admins(preview), raw)
    .post('/settings/templates/import', admins(takeIn), raw)

/** Spreadsheets split at the sign that their language uses: where a decimal has a comma, cells are parted by semicolons. */
async function giveOut({ t }: Asked): Promise<Response> {
  const separator: Separator = t.locale === 'en' ? ',' : ';'
  return new Response(await exportTemplates(separator), {
    headers: {
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': 'attachment; filename="templates.csv"',
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
    },
  })
}

async function preview({ t, request }: Asked): Promise<Response> {
  const file = await readTemplatesFile(await readBytes(request, mostFileBytes))
  const rows = await planImport(file.rows)
  const errors = file.errors.map(({ line, refusal }) => ({ line, sentence: sentenceOf(refusal, t) }))
  if (!wantsJson(request)) return fragment(<ImportDialog t={t} preview={{ encoding: file.encoding, rows, errors }} />)
  return json({ encoding: file.encoding, errors, rows: rows.map(({ line, outcome }) => ({ line, outcome })) })
}

/** Takes in some of the lines, from `from` on; the page asks for the next until all are `done`, and may stop in between. */
async function takeIn({ agent, query, request }: Asked): Promise<Response> {
  const from = Number(query.from ?? 0)
  if (!Number.isSafeInteger(from) || from < 0) throw refuse('bad_request')
  const { rows } = await readTemplatesFile(await readBytes(request, mostFileBytes))
  const some = rows.slice(from, from + rowsAtOnce)
  const outcomes = some.length === 0 ? [] : await importTemplates(agent, some)
  return json({ done: from + some.length, total: rows.length, outcomes })
}
