import type { ComponentChildren } from 'preact'

/**
 * A filter that is on or off. With an `href` its state is the address: a link, of which `aria-current` says that it is on;
 * else a button that is pressed.
 */
export function Chip(props: { on: boolean; href?: string; children: ComponentChildren; id?: string }) {
  const { on, href, children, id } = props
  if (href !== undefined) {
    return (
      <a class="chip" id={id} href={href} aria-current={on ? 'true' : undefined}>
        {children}
      </a>
    )
  }
  return (
    <button class="chip" id={id} type="button" aria-pressed={on}>
      {children}
    </button>
  )
}
