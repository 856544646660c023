import type { TemplateRow } from '../../src/features/templates/index.ts'
import type { Translate } from '../../src/platform/lib/i18n.ts'
import { formatPosition, signOf } from '../templates/position.ts'
import { IconButton } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'
import { Icon } from '../ui/icon.tsx'
import { refusedInToasts } from '../ui/refused.ts'

export type ListState = {
  rows: TemplateRow[]
  /** How often each was used in thirty days. */
  uses: Map<string, number>
  /** The site whose templates are shown; null: all. */
  siteId: string | null
  /** A position that could not be taken, as it was typed. */
  refused?: { id: string; typed: string; sentence: string }
}

/** The list alone, as the page holds it and as it is asked for again. */
export function TemplateList({ t, list }: { t: Translate; list: ListState }) {
  const { rows } = list
  if (rows.length === 0) {
    return (
      <Empty title={t(list.siteId === null ? 'templates.none.title' : 'templates.none.site')}>
        <p>{t('templates.none')}</p>
      </Empty>
    )
  }
  return (
    <table class="templates-table" data-moved={t('templates.moved', { name: '…name…', position: '…position…' })}>
      <caption class="said">{t('templates.caption')}</caption>
      <thead>
        <tr>
          <th scope="col">
            <span class="said">{t('templates.move')}</span>
          </th>
          <th scope="col">{t('templates.position')}</th>
          <th scope="col">{t('templates.name_and_text')}</th>
          <th scope="col" class="opt">
            {t('templates.shortcut')}
          </th>
          <th scope="col" class="opt num">
            {t('templates.used')}
          </th>
          <th scope="col">{t('templates.visible')}</th>
          <th scope="col">
            <span class="said">{t('templates.actions')}</span>
          </th>
        </tr>
      </thead>
      <tbody id="template-rows">
        {rows.map((row) => (
          <TemplateItem key={row.id} t={t} row={row} list={list} />
        ))}
      </tbody>
    </table>
  )
}

// What is asked for finds its own places.
const quietly = { 'hx-swap': 'none', ...refusedInToasts }

function TemplateItem({ t, row, list }: { t: Translate; row: TemplateRow; list: ListState }) {
  const { id, name, text, shortcut, visible, locale } = row
  const address = `/settings/templates/${id}`
  const lang = locale ?? undefined
  return (
    <tr
      id={`template-${id}`}
      data-template={id}
      data-name={name}
      data-position={row.position}
      data-is={visible ? undefined : 'hidden'}
    >
      <td class="grip">
        <button
          class="icon-button"
          type="button"
          id={`grip-${id}`}
          data-grip
          aria-label={t('templates.move.one', { name })}
          aria-describedby="move-keys"
        >
          <Icon name="grip" small />
        </button>
        <form hidden hx-put={`${address}/place`} {...quietly}>
          <input type="hidden" name="after" />
        </form>
      </td>
      <Position t={t} row={row} refused={list.refused?.id === id ? list.refused : null} />
      <td class="name" lang={lang}>
        <span class="cut" dir="auto" title={name}>
          {name}
        </span>
        <small class="cut text" dir="auto">
          {text}
        </small>
      </td>
      <td class="opt shortcut" lang={lang} title={shortcut ?? undefined}>
        {shortcut === null ? null : <bdi>{`#${shortcut}`}</bdi>}
      </td>
      <td class="opt num">{list.uses.get(id) ?? 0}</td>
      <td class="shown-to">
        <form hx-put={`${address}/visibility`} hx-trigger="change" {...quietly}>
          <input
            class="switch"
            type="checkbox"
            role="switch"
            name="visible"
            id={`visible-${id}`}
            aria-label={t('templates.offer', { name })}
            checked={visible}
          />
        </form>
      </td>
      <td class="acts">
        <IconButton
          icon="edit"
          label={t('templates.edit', { name })}
          data-opens-form
          hx-get={`${address}/form`}
          hx-target="#template-form"
          hx-swap="outerHTML"
          {...refusedInToasts}
        />
        <IconButton icon="copy" label={t('templates.copy', { name })} hx-post={`${address}/copies`} {...quietly} />
        <IconButton icon="delete" label={t('templates.delete', { name })} hx-put={`${address}/removal`} {...quietly} />
      </td>
    </tr>
  )
}

type PositionProps = { t: Translate; row: TemplateRow; refused: { typed: string; sentence: string } | null }

function Position({ t, row, refused }: PositionProps) {
  const said = `position-${row.id}-said`
  return (
    <td class="position">
      <form hx-put={`/settings/templates/${row.id}/position`} hx-trigger="change, submit" {...quietly} noValidate>
        <input
          class="input"
          id={`position-${row.id}`}
          name="position"
          inputMode="decimal"
          autocomplete="off"
          maxLength={14}
          value={refused?.typed ?? formatPosition(row.position, signOf(t.locale))}
          aria-label={t('templates.position.of', { name: row.name })}
          aria-invalid={refused ? true : undefined}
          aria-describedby={refused ? said : undefined}
        />
        {refused ? (
          <p class="error" id={said} role="alert">
            {refused.sentence}
          </p>
        ) : null}
      </form>
    </td>
  )
}
