import type { PlannedTemplate } from '../../src/features/templates/index.ts'
import type { Translate } from '../../src/platform/lib/i18n.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Icon } from '../ui/icon.tsx'

export type ImportPreview = {
  encoding: string
  rows: PlannedTemplate[]
  errors: { line: number; sentence: string }[]
}

const mostShown = 50

/** What would come of a file, before anything does: what is new, what changes, and what is wrong in which line. */
export function ImportDialog({ t, preview }: { t: Translate; preview: ImportPreview }) {
  const { encoding, rows, errors } = preview
  const count = (outcome: PlannedTemplate['outcome']) => rows.filter((row) => row.outcome === outcome).length
  const counts = { made: count('new'), changed: count('changed'), same: count('same') }
  const work = counts.made + counts.changed
  return (
    <Dialog t={t} id="templates-import" title={t('templates.import.title')} wide>
      <div
        class="body import-body"
        data-total={rows.length}
        data-done={t('templates.import.done', counts)}
        data-failed={t('templates.import.failed')}
      >
        <p>
          {t('templates.import.counts', counts)}
          {encoding === 'UTF-8' ? null : ` ${t('templates.import.encoding', { encoding })}`}
        </p>
        {errors.length === 0 ? null : <Errors t={t} errors={errors} />}
        {rows.length === 0 ? null : <Preview t={t} rows={rows} />}
        <p class="progress" hidden>
          <progress max={rows.length} value={0} aria-label={t('templates.import.progress')} />
        </p>
        <p class="error" role="alert" data-failed hidden />
      </div>
      <footer>
        <Button kind="primary" data-do="import" disabled={work === 0}>
          {t('templates.import.do', { count: work })}
        </Button>
        <form method="dialog">
          <Button kind="quiet" type="submit">
            {t('templates.cancel')}
          </Button>
        </form>
      </footer>
    </Dialog>
  )
}

function Errors({ t, errors }: { t: Translate; errors: ImportPreview['errors'] }) {
  return (
    <section aria-labelledby="import-errors">
      <h3 id="import-errors" class="status" data-is="attention">
        <Icon name="attention" small />
        {t('templates.import.errors', { count: errors.length })}
      </h3>
      <ul class="import-errors">
        {errors.slice(0, mostShown).map(({ line, sentence }) => (
          <li key={line}>
            {t('templates.import.line', { line })} <span dir="auto">{sentence}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Preview({ t, rows }: { t: Translate; rows: PlannedTemplate[] }) {
  return (
    <div class="import-rows" role="region" tabIndex={0} aria-label={t('templates.import.rows')}>
      <table class="templates-table">
        <thead>
          <tr>
            <th scope="col">{t('templates.import.outcome')}</th>
            <th scope="col">{t('templates.name_and_text')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, mostShown).map(({ line, outcome, values: { name, text } }) => (
            <tr key={line}>
              <td class="outcome" data-is={outcome}>
                {t(`templates.import.${outcome}`)}
              </td>
              <td class="name">
                <span class="cut" dir="auto">
                  {name}
                </span>
                <small class="cut text" dir="auto">
                  {text}
                </small>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
