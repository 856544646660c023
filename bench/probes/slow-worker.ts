import { answerSlowReads } from '../../src/platform/db/slow-reads.ts'
import { slowQuery } from './slow-query.ts'

answerSlowReads([slowQuery])
