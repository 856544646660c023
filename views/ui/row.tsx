import type { ComponentChildren } from 'preact'

type Slots = {
  avatar?: ComponentChildren
  who: ComponentChildren
  when?: ComponentChildren
  words?: ComponentChildren
  badge?: ComponentChildren
  meta?: ComponentChildren
}

/** What a row of a list holds: a face, who, since when, what was said last, how much of it is unread, and about it. */
export function RowInside({ avatar, who, when, words, badge, meta }: Slots) {
  return (
    <>
      {avatar}
      <span class="who cut" dir="auto">
        {who}
      </span>
      {when}
      {words === undefined ? null : (
        <span class="words cut" dir="auto">
          {words}
        </span>
      )}
      {badge}
      {meta === undefined ? null : <span class="meta">{meta}</span>}
    </>
  )
}

/** A row that leads somewhere. */
export function Row({ href, current, ...slots }: { href: string; current?: boolean } & Slots) {
  return (
    <a class="row" href={href} aria-current={current ? 'true' : undefined}>
      <RowInside {...slots} />
    </a>
  )
}
