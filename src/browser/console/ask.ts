import { signInAgain } from './place.ts'

export type Asked = 'PUT' | 'POST' | 'DELETE'

/** Asks the server to change something; null when no answer came. Who is no longer signed in is sent to do so. */
export async function ask(method: Asked, address: string, fields?: URLSearchParams): Promise<Response | null> {
  try {
    const headers = { Accept: 'text/html', 'HX-Request': 'true' }
    const answer = await fetch(address, { method, headers, ...(fields && { body: fields }) })
    if (answer.status !== 401 && !answer.redirected && !answer.headers.has('HX-Redirect')) return answer
    signInAgain()
  } catch {
    // Nobody is there.
  }
  return null
}
