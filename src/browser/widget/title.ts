/** The count of unread messages before the title of the shop's page, which stays the page's own otherwise. */
export function makeTitle(document: Document) {
  let prefix = ''
  return {
    count(unread: number) {
      const { title } = document
      const own = prefix && title.startsWith(prefix) ? title.slice(prefix.length) : title
      prefix = unread ? `(${unread > 99 ? '99+' : unread}) ` : ''
      if (prefix + own !== title) document.title = prefix + own
    },
  }
}
