/** What was refused is said until the next thing is tried. */
export function clearNoticesOnTry(): void {
  document.addEventListener('htmx:before:request', (event) => {
    const { ctx } = (event as CustomEvent<{ ctx: { sourceElement: Element } }>).detail
    if (!ctx.sourceElement.matches('button')) return
    for (const notice of document.querySelectorAll('#notice, #list-notice')) notice.replaceChildren()
  })
}
