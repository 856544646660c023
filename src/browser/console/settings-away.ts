type Failed = CustomEvent<{ ctx?: { sourceElement?: Element } }>

/** Says above the page that what was to be saved has not reached the server. What was typed stands where it was. */
export function startAway(): void {
  document.addEventListener('htmx:error', (event) => {
    const from = (event as Failed).detail?.ctx?.sourceElement
    const notice = document.querySelector('#notice')
    const away = document.querySelector<HTMLTemplateElement>('#unreachable')
    // What is only looked for is looked for again with the next letter.
    if (!notice || !away || !from || from.closest('.side-menu')) return
    notice.replaceChildren(away.content.cloneNode(true))
    notice.scrollIntoView({ block: 'nearest' })
  })
}
