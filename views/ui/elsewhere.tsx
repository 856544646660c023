import { type ComponentChildren, h } from 'preact'

/** A piece of an answer that goes to a place of its own in the page. */
export const Elsewhere = (props: { target: string; swap: string; children?: ComponentChildren }) =>
  h('hx-partial', { 'hx-target': props.target, 'hx-swap': props.swap }, props.children)
