import type { TemplateRow } from '../../src/features/templates/index.ts'
import type { Translate } from '../../src/platform/lib/i18n.ts'
import type { Piece } from '../templates/placeholders.ts'

export type Offered = { template: TemplateRow; pieces: Piece[] }

/** What is offered in a conversation, each with its words as they would be read there. The script leaves those that match. */
export function TemplateOptions({ t, offered }: { t: Translate; offered: Offered[] }) {
  return (
    <>
      {offered.map(({ template: { id, name, shortcut, locale }, pieces }) => (
        <div
          key={id}
          role="option"
          id={`offered-${id}`}
          aria-selected="false"
          data-template={id}
          data-shortcut={shortcut ?? undefined}
          lang={locale ?? undefined}
        >
          <span class="name cut" dir="auto">
            {name}
          </span>
          {shortcut === null ? null : <code>{`#${shortcut}`}</code>}
          <div class="filled-in" hidden dir="auto">
            {pieces.map(({ kind, text }, place) =>
              kind === 'words' ? (
                text
              ) : (
                <span key={place} class={kind} title={kind === 'missing' ? t('templates.missing') : undefined}>
                  {text}
                </span>
              ),
            )}
          </div>
        </div>
      ))}
    </>
  )
}
