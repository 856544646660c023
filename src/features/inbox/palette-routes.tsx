import { Elysia } from 'elysia'
import type { VNode } from 'preact'
import { KeysDialog } from '../../../views/console/keys-dialog.tsx'
import { fragment } from '../../platform/http/page.tsx'
import { problem } from '../../platform/http/problem.tsx'
import type { Translate } from '../../platform/lib/i18n.ts'
import { refuse } from '../../platform/lib/refuse.ts'
import type { Asked, Inside } from './asked.ts'

/** What opens above the console: its keys, its palette and what rings. Fetched when first wanted. */
export const paletteRoutes = (inside: Inside) =>
  new Elysia({ name: 'inbox-palette' })
    .onError(({ error, request }) => problem(error, request))
    .get('/dialogs/:name', inside(showDialog))

const dialogs: Record<string, (t: Translate) => VNode> = {
  keys: (t) => <KeysDialog t={t} />,
}

async function showDialog({ t, params }: Asked): Promise<Response> {
  const dialog = dialogs[params.name ?? '']
  if (!dialog) throw refuse('not_found')
  return fragment(dialog(t))
}
