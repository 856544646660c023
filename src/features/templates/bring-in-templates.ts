import type { Tx } from '../../platform/db/executor.ts'
import { insertAll } from '../../platform/db/insert-all.ts'
import { type TemplateRow, templates } from './schema.ts'

/** Adds templates at once, as they are, to a shop that has none. */
export const bringInTemplates = (tx: Tx, rows: TemplateRow[]): Promise<void> => insertAll(tx, templates, rows)
