/**
 * A request's address. What stands in the Host header is the client's affair and may be no host at all, with which Bun
 * makes an address that is none: then only the path counts, under a name that nobody has.
 */
export function urlOf({ url }: Request): URL {
  const path = url.replace(/^[a-z]+:\/\/[^/?#]*/, '')
  return URL.parse(url) ?? URL.parse(`${nowhere}${path}`) ?? new URL(nowhere)
}

const nowhere = 'http://unnamed.invalid'
