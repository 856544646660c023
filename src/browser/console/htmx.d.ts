declare module 'htmx.org' {
  const htmx: {
    trigger(element: Element, event: string): void
    process(element: Element): void
    swap(what: { sourceElement: Element; target: string; swap: string; text: string }): Promise<void>
  }
  export default htmx
}
declare module 'htmx.org/dist/ext/hx-ws.js'
