import type { ButtonHTMLAttributes, ComponentChildren } from 'preact'
import { Icon, type IconName } from './icon.tsx'

/**
 * What a button of `popovertarget={id}` and `aria-haspopup="menu"` opens. The script puts it beside the button, moves the
 * focus by arrows and first letters and gives it back.
 */
export function Menu({ id, label, children }: { id: string; label: string; children: ComponentChildren }) {
  return (
    <div class="menu" id={id} role="menu" aria-label={label} popover="auto">
      {children}
    </div>
  )
}

type ItemAttributes = Omit<ButtonHTMLAttributes, 'class' | 'icon' | 'role'>

/** Something to do. */
export function MenuItem({
  icon,
  children,
  ...rest
}: { icon?: IconName; children: ComponentChildren } & ItemAttributes) {
  return (
    <button role="menuitem" type="button" tabIndex={-1} {...rest}>
      {icon === undefined ? null : <Icon name={icon} small />}
      <span>{children}</span>
    </button>
  )
}

/** Somewhere to go. */
export function MenuLink({ href, icon, children }: { href: string; icon?: IconName; children: ComponentChildren }) {
  return (
    <a role="menuitem" href={href} tabIndex={-1}>
      {icon === undefined ? null : <Icon name={icon} small />}
      <span>{children}</span>
    </a>
  )
}

/** One of several, of which one holds. */
export function MenuChoice({ on, children, ...rest }: { on: boolean; children: ComponentChildren } & ItemAttributes) {
  return (
    <button role="menuitemradio" type="button" tabIndex={-1} aria-checked={on} {...rest}>
      <Icon name="check" small />
      <span>{children}</span>
    </button>
  )
}

/** Items that belong together, under their name. */
export function MenuGroup({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    <div role="group" aria-label={label}>
      <span class="label" aria-hidden="true">
        {label}
      </span>
      {children}
    </div>
  )
}
