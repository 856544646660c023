import type { ComponentChildren } from 'preact'

/** Nothing here yet: what this is, what makes it fill, and one thing to do. */
export function Empty({ id, title, children }: { id?: string; title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <h2 id={id}>{title}</h2>
      {children}
    </div>
  )
}
