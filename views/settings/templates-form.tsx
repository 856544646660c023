import type { ComponentChildren } from 'preact'
import type { SiteRow } from '../../src/features/sites/index.ts'
import type { Translate } from '../../src/platform/lib/i18n.ts'
import { type TemplateField, templateLanguages } from '../templates/fields.ts'
import { placeholders } from '../templates/placeholders.ts'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'

/** What stands in the form, as it is written there. */
export type FormValues = {
  name: string
  text: string
  position: string
  shortcut: string
  visible: boolean
  siteIds: string[] | null
  locale: string | null
}

export type FormState = {
  /** The template that is changed; null: a new one. */
  id: string | null
  values: FormValues
  /** As it was when the form was opened: what somebody else has changed since is not written over. */
  seen?: { changedAt: number; position: string; visible: boolean } | undefined
  /** What is wrong, beside its field; `form` is about all of it. */
  problems: Partial<Record<TemplateField | 'form', string>>
}

export const emptyForm: FormState = {
  id: null,
  values: { name: '', text: '', position: '', shortcut: '', visible: true, siteIds: null, locale: null },
  problems: {},
}

type Props = { t: Translate; form: FormState; sites: SiteRow[] }

/** Where a template is written: a new one, or one that is there. */
export function TemplateForm({ t, form, sites }: Props) {
  const { id, values, seen, problems } = form
  const address = id === null ? '/settings/templates' : `/settings/templates/${id}`
  const refused = 'target:#template-form, swap:outerHTML'
  const asking = {
    [id === null ? 'hx-post' : 'hx-put']: address,
    'hx-swap': 'none',
    'hx-status:422': refused,
    'hx-status:409': refused,
  }
  return (
    <form
      class="create"
      id="template-form"
      data-unsaved
      data-template={id ?? undefined}
      data-refused={Object.keys(problems).length > 0 ? '' : undefined}
      aria-labelledby="template-form-title"
      noValidate
      {...asking}
    >
      <h2 id="template-form-title">{id === null ? t('templates.new') : t('templates.editing')}</h2>
      <input type="hidden" name="as" value="form" />
      {seen === undefined ? null : <Seen seen={seen} />}
      {problems.form ? <Wrong id="template-error">{problems.form}</Wrong> : null}
      <Line t={t} name="name" value={values.name} label={t('templates.name')} max={100} problem={problems.name} />
      <Text t={t} value={values.text} problem={problems.text} />
      <div class="pair">
        <Line
          t={t}
          name="position"
          value={values.position}
          label={t('templates.position')}
          max={14}
          decimal
          hint={t('templates.position.hint')}
          problem={problems.position}
        />
        <Line
          t={t}
          name="shortcut"
          value={values.shortcut}
          label={t('templates.shortcut')}
          max={41}
          problem={problems.shortcut}
        />
      </div>
      <Language t={t} value={values.locale} problem={problems.locale} />
      {sites.length < 2 ? null : <Sites t={t} sites={sites} chosen={values.siteIds} problem={problems.siteIds} />}
      <label class="on-off">
        <input class="switch" type="checkbox" role="switch" name="visible" defaultChecked={values.visible} />
        {t('templates.visible.hint')}
      </label>
      <div class="foot">
        <Button kind="primary" type="submit">
          {id === null ? t('templates.create') : t('templates.save')}
        </Button>
        <Button
          kind="quiet"
          data-opens-form
          hx-get="/settings/templates/form"
          hx-target="#template-form"
          hx-swap="outerHTML"
        >
          {id === null ? t('templates.clear') : t('templates.cancel')}
        </Button>
      </div>
    </form>
  )
}

function Seen({ seen }: { seen: NonNullable<FormState['seen']> }) {
  return (
    <>
      <input type="hidden" name="seen" value={seen.changedAt} />
      <input type="hidden" name="was_position" value={seen.position} />
      <input type="hidden" name="was_visible" value={seen.visible ? 'on' : ''} />
    </>
  )
}

function Wrong({ id, children }: { id: string; children: ComponentChildren }) {
  return (
    <p class="error" id={id} role="alert">
      <Icon name="attention" small />
      <span>{children}</span>
    </p>
  )
}

type LineProps = {
  t: Translate
  name: 'name' | 'position' | 'shortcut'
  value: string
  label: string
  max: number
  decimal?: boolean
  hint?: string | undefined
  problem?: string | undefined
}

function Line({ t, name, value, label, max, decimal, hint, problem }: LineProps) {
  const id = `template-${name}`
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        class="input"
        id={id}
        name={name}
        maxLength={max}
        dir="auto"
        autocomplete="off"
        inputMode={decimal ? 'decimal' : undefined}
        defaultValue={value}
        aria-invalid={problem ? true : undefined}
        aria-describedby={problem ? `${id}-error` : hint ? `${id}-hint` : undefined}
      />
      {hint && !problem ? (
        <span class="hint" id={`${id}-hint`} {...(decimal ? whereabouts(t) : {})}>
          {hint}
        </span>
      ) : null}
      {problem ? <Wrong id={`${id}-error`}>{problem}</Wrong> : null}
    </div>
  )
}

// The script says beside which one it will stand, from what the list shows.
const whereabouts = (t: Translate) => ({
  'data-empty': t('templates.position.hint'),
  'data-first': t('templates.position.first'),
  'data-after': t('templates.position.after', { position: '…position…', name: '…name…' }),
})

function Text({ t, value, problem }: { t: Translate; value: string; problem?: string | undefined }) {
  return (
    <div class="field">
      <label for="template-text">{t('templates.text')}</label>
      <textarea
        class="input"
        id="template-text"
        name="text"
        rows={4}
        maxLength={8000}
        dir="auto"
        defaultValue={value}
        aria-invalid={problem ? true : undefined}
        aria-describedby={problem ? 'template-text-error' : undefined}
      />
      {problem ? <Wrong id="template-text-error">{problem}</Wrong> : null}
      <div class="holders" role="group" aria-label={t('templates.insert')}>
        {placeholders.map((name) => (
          <button key={name} type="button" data-insert={`{{${name}}}`} title={t(`templates.holder.${name}`)}>
            {name}
          </button>
        ))}
      </div>
    </div>
  )
}

function Language({ t, value, problem }: { t: Translate; value: string | null; problem?: string | undefined }) {
  const names = new Intl.DisplayNames(t.locale, { type: 'language' })
  const byName = new Intl.Collator(t.locale)
  const languages = templateLanguages
    .map((language) => ({ language, name: names.of(language) ?? language }))
    .toSorted((a, b) => byName.compare(a.name, b.name))
  return (
    <div class="field">
      <label for="template-locale">{t('templates.language')}</label>
      <select class="select" id="template-locale" name="locale">
        <option value="">{t('templates.language.any')}</option>
        {languages.map(({ language, name }) => (
          <option key={language} value={language} selected={language === value}>
            {name}
          </option>
        ))}
      </select>
      {problem ? <Wrong id="template-locale-error">{problem}</Wrong> : null}
    </div>
  )
}

type SitesProps = { t: Translate; sites: SiteRow[]; chosen: string[] | null; problem?: string | undefined }

function Sites({ t, sites, chosen, problem }: SitesProps) {
  return (
    <fieldset class="field sites-choice">
      <legend class="label">{t('templates.sites')}</legend>
      <label class="choice">
        <input type="radio" name="sites" value="all" defaultChecked={chosen === null} />
        {t('templates.sites.all')}
      </label>
      <label class="choice">
        <input type="radio" name="sites" value="some" id="template-some-sites" defaultChecked={chosen !== null} />
        {t('templates.sites.some')}
      </label>
      <div class="some">
        {sites.map(({ id, name }) => (
          <label key={id} class="choice">
            <input type="checkbox" name={`site:${id}`} defaultChecked={chosen?.includes(id) ?? false} />
            <span dir="auto">{name}</span>
          </label>
        ))}
      </div>
      {problem ? <Wrong id="template-sites-error">{problem}</Wrong> : null}
    </fieldset>
  )
}
