import { slowRead } from '../../platform/db/slow-reads.ts'
import { findMessages, type FoundMessages } from './find-messages.ts'
import { doubtIndex, indexToSearch, type SearchProgress } from './keep-index.ts'

/** Messages of any date in which the words of a query stand, the newest first, from before a place on. */
export async function searchMessages(
  query: string,
  before: number | null,
  limit: number,
): Promise<FoundMessages & { progress: SearchProgress }> {
  const { mark, progress } = await indexToSearch()
  try {
    return { ...(await slowRead(findMessages, { mark, query, before, limit })), progress }
  } catch (error) {
    doubtIndex()
    throw error
  }
}
