/** The line that embeds a site's chat. */
export const snippetFor = (origin: string, siteId: string): string =>
  `<script async src="${origin}/widget.js?site=${siteId}"></script>`
