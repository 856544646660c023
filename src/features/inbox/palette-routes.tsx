import { Elysia } from 'elysia'
import type { VNode } from 'preact'
import { KeysDialog } from '../../../views/console/keys-dialog.tsx'
import { NoticesDialog } from '../../../views/console/notices-dialog.tsx'
import { PaletteFound } from '../../../views/console/palette.tsx'
import { fragment } from '../../platform/http/page.tsx'
import { problem } from '../../platform/http/problem.tsx'
import { refuse } from '../../platform/lib/refuse.ts'
import { type Asked, type Inside } from '../agents/index.ts'
import { searchPalette } from './palette.ts'

/** What opens above the console: its keys and what rings, fetched when first wanted, and what its palette finds. */
export const paletteRoutes = (inside: Inside) =>
  new Elysia({ name: 'inbox-palette' })
    .onError(({ error, request }) => problem(error, request))
    .get('/dialogs/:name', inside(showDialog))
    .get('/palette', inside(showFound))

const dialogs: Record<string, (asked: Asked) => VNode> = {
  keys: ({ t }) => <KeysDialog t={t} />,
  notices: ({ t }) => <NoticesDialog t={t} />,
}

async function showDialog(asked: Asked): Promise<Response> {
  const dialog = Object.hasOwn(dialogs, asked.params.name ?? '') ? dialogs[asked.params.name ?? ''] : undefined
  if (!dialog) throw refuse('not_found')
  return fragment(dialog(asked))
}

async function showFound({ agent, t, query }: Asked): Promise<Response> {
  return fragment(<PaletteFound t={t} found={await searchPalette(agent.agentId, t, query.q ?? '')} />)
}
