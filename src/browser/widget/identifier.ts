/** 128 random bits as 22 characters of [A-Za-z0-9_-]. `crypto.randomUUID` is missing on plain http. */
export function newIdentifier(crypto: Pick<Crypto, 'getRandomValues'>): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}
