import { findMessages, indexLogs } from './features/search/index.ts'
import { quickCheck } from './platform/db/check.ts'
import { answerSlowReads } from './platform/db/slow-reads.ts'

// The script of the Worker, and the list of what it can read. A second entry point of the executable.
answerSlowReads([quickCheck, indexLogs, findMessages])
