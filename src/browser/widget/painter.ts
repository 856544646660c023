export type Painter = ReturnType<typeof painter>

/** Makes elements without `innerHTML` and `style`, which the page's policies may forbid. */
export function painter(document: Document) {
  function dress<E extends Element>(made: E, attributes: Record<string, string>, children: Node[]): E {
    for (const name of Object.keys(attributes)) made.setAttribute(name, attributes[name] ?? '')
    for (const child of children) made.appendChild(child)
    return made
  }
  const element = <T extends keyof HTMLElementTagNameMap>(
    tag: T,
    attributes: Record<string, string>,
    ...children: Node[]
  ) => dress(document.createElement(tag), attributes, children)
  const vector = (tag: string, attributes: Record<string, string>, ...children: Node[]) =>
    dress(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children)
  const icon = (size: number, d: string) =>
    vector(
      'svg',
      { viewBox: '0 0 24 24', width: `${size}`, height: `${size}`, 'aria-hidden': 'true' },
      vector('path', { d }),
    )
  const button = (name: string, label: string, ...children: Node[]) =>
    element('button', { type: 'button', class: name, 'aria-label': label }, ...children)
  return { element, icon, button }
}
