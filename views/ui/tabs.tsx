import type { ComponentChildren } from 'preact'

export type Tab = { href: string; label: ComponentChildren; current: boolean }

/** Views of one thing, each with an address of its own: links, of which one is where we are. */
export function Tabs({ id, label, tabs }: { id?: string; label: string; tabs: Tab[] }) {
  return (
    <nav class="tabs" id={id} aria-label={label}>
      {tabs.map((tab) => (
        <a key={tab.href} href={tab.href} aria-current={tab.current ? 'page' : undefined}>
          {tab.label}
        </a>
      ))}
    </nav>
  )
}
