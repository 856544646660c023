import type { Translate } from '../../src/platform/lib/i18n.ts'
import { Button } from '../ui/button.tsx'
import { FieldError } from './question.tsx'

/** A picture of ours, by its hash. What is chosen is uploaded at once; it is kept with the rest of the form. */
export function PictureField(props: { t: Translate; name: string; hash: string | null; error?: string | undefined }) {
  const { t, name, hash, error } = props
  return (
    <div class="picture-field" id={`${name}-field`} data-sending={t('cabinet.chat.greeting.picture_sending')}>
      <input type="hidden" name={name} value={hash ?? ''} />
      <img
        src={hash === null ? undefined : `/pictures/${hash}`}
        alt={t('cabinet.chat.greeting.picture_now')}
        hidden={hash === null}
      />
      <Button icon="picture" data-do="picture">
        {t('cabinet.chat.greeting.picture')}
      </Button>
      <Button kind="quiet" data-do="picture-remove" hidden={hash === null}>
        {t('cabinet.chat.greeting.picture_remove')}
      </Button>
      <input
        type="file"
        accept="image/*"
        hidden
        data-picture
        tabIndex={-1}
        aria-label={t('cabinet.chat.greeting.picture')}
      />
      <div class="picture-said" role="status">
        {error === undefined ? null : <FieldError id={`${name}-error`}>{error}</FieldError>}
      </div>
    </div>
  )
}
