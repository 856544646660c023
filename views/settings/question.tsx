import type { ComponentChildren } from 'preact'
import { Icon } from '../ui/icon.tsx'

/** A question at the start, its answer beside it. `aside` stands under the question. */
export function Question(props: {
  id: string
  title: string
  hint?: ComponentChildren
  aside?: ComponentChildren
  children: ComponentChildren
}) {
  const { id, title, hint, aside, children } = props
  return (
    <section class="question" id={id} aria-labelledby={`${id}-title`}>
      <header>
        <h2 id={`${id}-title`}>{title}</h2>
        {hint ? <p>{hint}</p> : null}
        {aside}
      </header>
      {children}
    </section>
  )
}

/** What is wrong with a field, beside it; the field names it by `id`. */
export function FieldError({ id, children }: { id: string; children: ComponentChildren }) {
  return (
    <p class="error" id={id}>
      <Icon name="attention" small />
      <span>{children}</span>
    </p>
  )
}
