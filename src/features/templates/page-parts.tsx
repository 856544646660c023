import { type FormState, TemplateForm } from '../../../views/settings/templates-form.tsx'
import { type ListState, TemplateList } from '../../../views/settings/templates-table.tsx'
import { Toast } from '../../../views/ui/toast.tsx'
import { htmlFragment, partial } from '../../platform/http/page.tsx'
import { isId } from '../../platform/lib/id.ts'
import type { Asked } from '../agents/index.ts'
import { listSites } from '../sites/index.ts'
import { listTemplates, usesOfTemplates } from './list-templates.ts'
import type { TemplateRow } from './schema.ts'

/** The list as the page shows it: of all sites, or with what is offered on one. */
export async function listOf(site: string | undefined): Promise<ListState> {
  const [all, uses] = await Promise.all([listTemplates(), usesOfTemplates()])
  const siteId = isId(site) ? site : null
  const rows = siteId === null ? all : all.filter(({ siteIds }) => siteIds === null || siteIds.includes(siteId))
  return { rows, uses, siteId }
}

/** The list that stands in the page which asks: its address says of which site. */
export function listBehind({ request }: Asked): Promise<ListState> {
  const address = request.headers.get('hx-current-url') ?? ''
  const site = URL.canParse(address) ? new URL(address).searchParams.get('site') : null
  return listOf(site ?? undefined)
}

export const listPartial = (t: Asked['t'], list: ListState): string =>
  partial('#template-list', 'innerMorph', <TemplateList t={t} list={list} />)

type Said = 'templates.created' | 'templates.saved' | 'templates.deleted' | 'templates.copied'

/** The list as it is now, what was done, and, where `undo` says so, the way back; a form takes the place of the one there. */
export async function doneWith(
  asked: Asked,
  said: Said,
  { id, name, visible }: TemplateRow,
  { undo, form }: { undo?: 'removal' | 'restoring'; form?: FormState } = {},
): Promise<Response> {
  const { t } = asked
  const address = `/settings/templates/${id}/removal`
  const way = undo && ({ method: undo === 'removal' ? 'put' : 'delete', address } as const)
  const isOffered = visible || said === 'templates.deleted' || said === 'templates.copied'
  const toast = (
    <Toast t={t} words={t(isOffered ? said : 'templates.saved.hidden', { name })} {...(way ? { undo: way } : {})} />
  )
  return htmlFragment(
    listPartial(t, await listBehind(asked)) +
      (form
        ? partial('#template-form', 'outerHTML', <TemplateForm t={t} form={form} sites={await listSites()} />)
        : '') +
      partial('#toasts', 'beforeend', toast),
  )
}
