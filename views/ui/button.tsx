import type { ButtonHTMLAttributes, ComponentChildren } from 'preact'
import { Icon, type IconName } from './icon.tsx'

type Attributes = Omit<ButtonHTMLAttributes, 'class' | 'icon' | 'label'>

/** Something to press, in words. One primary button on a screen; a quiet one has no edge. */
export function Button(
  props: {
    kind?: 'primary' | 'quiet' | undefined
    icon?: IconName | undefined
    children: ComponentChildren
  } & Attributes,
) {
  const { kind, icon, children, ...rest } = props
  return (
    <button class="button" type="button" data-kind={kind} {...rest}>
      {icon === undefined ? null : <Icon name={icon} small />}
      {children}
    </button>
  )
}

/** Something to press that is shown by a sign; `label` says what it does. */
export function IconButton({
  icon,
  label,
  flip,
  ...rest
}: { icon: IconName; label: string; flip?: boolean } & Attributes) {
  return (
    <button class="icon-button" type="button" aria-label={label} title={label} {...rest}>
      <Icon name={icon} {...(flip ? { flip } : {})} />
    </button>
  )
}
