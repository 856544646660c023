import type { Translate } from '../../src/platform/lib/i18n.ts'
import { Icon, type IconName } from '../ui/icon.tsx'
import { type ReplyHint, ReplyHintLine } from './reply-hint.tsx'
import { TemplateButton, TemplatePanel } from './template-panel.tsx'

/** Signs that the toolbar sets, and the key of each, with Ctrl or Command. */
const marks = [
  { name: 'bold', key: 'B' },
  { name: 'italic', key: 'I' },
  { name: 'link', key: '⇧K' },
  { name: 'list', key: '⇧8' },
  { name: 'code', key: 'E' },
] as const satisfies { name: IconName; key: string }[]

// Where the browser puts the names of colleagues, in whatever order a language has them.
const name = '…name…'

type ComposerProps = {
  t: Translate
  id: string
  clientId: string
  hint: ReplyHint | null
  /** What comes when it is first asked for: the scripts of the picker and of the panel. */
  emoji: string
  templates: string
}

/** Where an answer is written. Drafts and what is not sent yet are the browser's to keep. */
export function Composer(props: ComposerProps) {
  const { t, id, clientId, emoji, templates, hint } = props
  return (
    <>
      <p
        class="answering"
        id="answering"
        role="status"
        data-one={t('console.answering.one', { name })}
        data-many={t('console.answering.many', { name })}
        hidden
      />
      <p class="closed-note">{t('console.reply.finished')}</p>
      <form class="composer" id="reply" method="post" action={`/c/${id}/messages`}>
        <input type="hidden" name="clientId" value={clientId} />
        <div
          class="emoji"
          id="emoji"
          role="group"
          aria-label={t('console.emoji')}
          data-script={emoji}
          data-search={t('console.emoji.search')}
          data-none={t('console.emoji.none')}
          hidden
        >
          <p role="status" class="emoji-failed" hidden>
            {t('console.emoji.failed')}
          </p>
          <div class="emoji-place" />
        </div>
        <TemplatePanel t={t} script={templates} />
        <label class="said" for="body">
          {t('console.reply')}
        </label>
        <textarea
          id="body"
          name="body"
          rows={1}
          maxLength={8000}
          dir="auto"
          required
          placeholder={t('console.reply.placeholder')}
          data-takes={t('console.reply.takes')}
          data-words={t('console.mark.link.words')}
          aria-describedby="reply-keys reply-hint"
          aria-autocomplete="list"
          aria-haspopup="listbox"
          enterkeyhint="send"
        />
        <Tools t={t} />
      </form>
      <p class="composer-hint" id="reply-hint">
        <ReplyHintLine t={t} hint={hint} />
      </p>
    </>
  )
}

function Tools({ t }: { t: Translate }) {
  return (
    <div class="tools">
      <div class="marks" role="toolbar" aria-label={t('console.mark')} aria-controls="body">
        {marks.map(({ name, key }, place) => (
          <button
            key={name}
            class="icon-button"
            type="button"
            data-mark={name}
            tabIndex={place === 0 ? 0 : -1}
            aria-label={t(`console.mark.${name}`)}
            title={t('console.mark.key', { mark: t(`console.mark.${name}`), key })}
          >
            <Icon name={name} />
          </button>
        ))}
      </div>
      <TemplateButton t={t} />
      <button
        class="icon-button"
        type="button"
        data-do="emoji"
        aria-label={t('console.emoji')}
        title={t('console.emoji')}
        aria-expanded="false"
        aria-controls="emoji"
      >
        <Icon name="emoji" />
      </button>
      <span class="send">
        <span class="keys" data-kept hidden>
          {t('console.reply.kept')}
        </span>
        <span class="keys" id="reply-keys">
          {t('console.reply.keys')}
        </span>
        <button class="button" type="submit" data-kind="primary">
          {t('console.send')}
          <Icon name="send" small flip />
        </button>
      </span>
    </div>
  )
}
