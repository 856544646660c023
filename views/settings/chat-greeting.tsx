import type { Translate } from '../../src/platform/lib/i18n.ts'
import { IconButton } from '../ui/button.tsx'
import { RichText } from '../ui/rich-text.tsx'
import type { ChatFormShown } from './chat-form.ts'
import { Answer, OwnOrNot } from './own-answer.tsx'
import { PictureField } from './picture-field.tsx'
import { FieldError, Question } from './question.tsx'

const maxGreeting = 1000
const marks = ['bold', 'italic', 'link', 'list'] as const

/** What the chat says first: light markup, emoji and a picture, beside it as the widget shows it. */
export function ChatGreeting(props: { t: Translate; form: ChatFormShown; emoji: string; preview: string }) {
  const { t, form, emoji, preview } = props
  const title = t('cabinet.chat.greeting')
  const { greeting } = form.defaults
  return (
    <Question
      id="chat-greeting"
      title={title}
      hint={t('cabinet.chat.greeting.hint')}
      aside={<OwnOrNot t={t} form={form} field="greeting" question={title} />}
    >
      <Answer t={t} form={form} now={greeting === null ? t('cabinet.value.none') : <RichText text={greeting} />}>
        <Words t={t} form={form} title={title} emoji={emoji} />
        <PictureField
          t={t}
          name="greetingPicture"
          hash={form.chat.greetingPicture}
          error={form.errors.greetingPicture && t('cabinet.chat.greeting.picture_invalid')}
        />
        <figure class="preview">
          <figcaption>{t('cabinet.chat.preview')}</figcaption>
          <iframe
            data-preview="greeting"
            data-known={JSON.stringify({ name: form.site?.name ?? '', widget: form.widget })}
            src={preview}
            title={t('cabinet.chat.preview')}
          />
        </figure>
      </Answer>
    </Question>
  )
}

function Words({ t, form, title, emoji }: { t: Translate; form: ChatFormShown; title: string; emoji: string }) {
  const wrong = form.errors.greeting
  const text = form.chat.greeting ?? ''
  const counted = (count: string) =>
    t('cabinet.chat.greeting.counted', { count, max: maxGreeting.toLocaleString(t.locale) })
  return (
    <div class="field">
      <label class="said" for="greeting">
        {title}
      </label>
      <div class="marked">
        <textarea
          class="input"
          id="greeting"
          name="greeting"
          dir="auto"
          rows={4}
          data-words={t('cabinet.chat.greeting.link_words')}
          aria-invalid={wrong ? true : undefined}
          aria-describedby={wrong ? 'greeting-error greeting-count' : 'greeting-count'}
          value={text}
        />
        <div class="tools" role="toolbar" aria-label={t('cabinet.chat.greeting.tools')} aria-controls="greeting">
          {marks.map((mark) => (
            <IconButton key={mark} icon={mark} label={t(`cabinet.chat.greeting.${mark}`)} data-mark={mark} />
          ))}
          <IconButton
            icon="emoji"
            label={t('console.emoji')}
            data-do="settings-emoji"
            aria-expanded="false"
            aria-controls="greeting-emoji"
          />
          <small id="greeting-count" data-count-of="greeting" data-most={maxGreeting} data-words={counted('{count}')}>
            {counted(text.length.toLocaleString(t.locale))}
          </small>
        </div>
      </div>
      <div
        id="greeting-emoji"
        data-script={emoji}
        data-search={t('console.emoji.search')}
        data-none={t('console.emoji.none')}
        hidden
      >
        <div class="emoji-place" />
        <p class="emoji-failed" hidden>
          {t('console.emoji.failed')}
        </p>
      </div>
      {wrong === undefined ? null : (
        <FieldError id="greeting-error">
          {t(wrong === 'text_too_long' ? 'cabinet.chat.greeting.too_long' : 'cabinet.chat.greeting.invalid', {
            max: maxGreeting,
          })}
        </FieldError>
      )}
    </div>
  )
}
