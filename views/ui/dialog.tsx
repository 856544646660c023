import type { ComponentChildren } from 'preact'
import type { Translate } from '../../src/platform/lib/i18n.ts'
import { IconButton } from './button.tsx'

/** A window above the page. The script opens it; Escape, its button and a press outside close it. */
export function Dialog(props: {
  t: Translate
  id: string
  title: string
  wide?: boolean
  /** Shown at once, in the page: for the page that shows all parts. */
  shown?: boolean
  children: ComponentChildren
}) {
  const { t, id, title, wide, shown, children } = props
  return (
    <dialog
      class="dialog"
      id={id}
      closedby="any"
      aria-labelledby={`${id}-title`}
      data-wide={wide ? '' : undefined}
      open={shown}
    >
      <header>
        <h2 id={`${id}-title`}>{title}</h2>
        <form method="dialog">
          <IconButton icon="close" label={t('console.close')} type="submit" />
        </form>
      </header>
      {children}
    </dialog>
  )
}
