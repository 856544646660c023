import type { Translate } from '../../src/platform/lib/i18n.ts'
import { spansInWords, weekDays } from './look-fields.ts'
import { FieldError, Question } from './question.tsx'
import type { SiteFormShown } from './site-form.ts'

const workDay = '09:00–18:00'

/** When agents are back, for the times when nobody is there. */
export function SiteHours({ t, form }: { t: Translate; form: SiteFormShown }) {
  const { widget, typed, errors } = form
  const { hours } = widget
  const spansOf = (day: number) =>
    typed?.[`day.${day}`] ?? (hours ? spansInWords(hours.week[day] ?? []) : day < 5 ? workDay : '')
  return (
    <Question id="site-hours" title={t('cabinet.hours')} hint={t('cabinet.hours.hint')}>
      <div class="answer">
        <label class="on-off">
          <input
            class="switch"
            type="checkbox"
            role="switch"
            name="hasHours"
            data-shows="hours-of-week"
            checked={typed ? 'hasHours' in typed : hours !== null}
          />
          {t('cabinet.hours.on')}
        </label>
        <div class="hours" id="hours-of-week">
          <div class="field">
            <label for="zone">{t('cabinet.hours.zone')}</label>
            <input
              class="input"
              id="zone"
              name="zone"
              list="time-zones"
              dir="ltr"
              autocomplete="off"
              value={typed?.zone ?? hours?.zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone}
              aria-invalid={errors.hours ? true : undefined}
              aria-describedby={errors.hours ? 'zone-error' : undefined}
            />
            <datalist id="time-zones">
              {Intl.supportedValuesOf('timeZone').map((zone) => (
                <option key={zone} value={zone} />
              ))}
            </datalist>
            {errors.hours ? <FieldError id="zone-error">{t('cabinet.hours.zone.invalid')}</FieldError> : null}
          </div>
          <p class="hint" id="day-hint">
            {t('cabinet.hours.day')}
          </p>
          {weekDays.map((day) => (
            <Day key={day} t={t} day={day} spans={spansOf(day)} wrong={errors[`day.${day}`] !== undefined} />
          ))}
        </div>
      </div>
    </Question>
  )
}

type DayProps = { t: Translate; day: (typeof weekDays)[number]; spans: string; wrong: boolean }

function Day({ t, day, spans, wrong }: DayProps) {
  const name = `day.${day}`
  return (
    <div class="field week-day">
      <label for={name}>{t(`cabinet.day.${day}`)}</label>
      <input
        class="input"
        id={name}
        name={name}
        dir="ltr"
        value={spans}
        aria-invalid={wrong || undefined}
        aria-describedby={wrong ? `${name}-error day-hint` : 'day-hint'}
      />
      {wrong ? <FieldError id={`${name}-error`}>{t('cabinet.hours.invalid')}</FieldError> : null}
    </div>
  )
}
