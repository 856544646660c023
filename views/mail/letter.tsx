import type { Locale } from '../../src/platform/lib/i18n.ts'
import { RichText } from '../ui/rich-text.tsx'
import { paper } from './paper.ts'

/** What somebody wrote, with whatever stood beside it. */
export type LetterEntry = { author: string; at: string; iso: string; body: string; mine: boolean; form: LetterFact[] }
export type LetterFact = { label: string; value: string }
export type LetterLink = { label: string; href: string }

/** A mail of ours, in words alone: both of its forms are made of it. */
export type LetterContent = {
  locale: Locale
  dir: 'ltr' | 'rtl'
  subject: string
  heading: string
  lead: string | null
  entries: LetterEntry[]
  facts: LetterFact[]
  action: LetterLink | null
  foot: string[]
  footLink: LetterLink | null
}

/** The mail as a page. Mail programs load nothing of ours: its style stands inside. */
export function LetterPage({ letter }: { letter: LetterContent }) {
  const { locale, dir, subject, heading, lead, entries, facts, action, foot, footLink } = letter
  return (
    <html lang={locale} dir={dir}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <title>{subject}</title>
        <style dangerouslySetInnerHTML={{ __html: paper }} />
      </head>
      <body>
        <div class="sheet">
          <h1 dir="auto">{heading}</h1>
          {lead === null ? null : <p class="lead">{lead}</p>}
          {entries.map((entry) => (
            <Entry key={entry.iso} entry={entry} />
          ))}
          <Facts facts={facts} />
          {action === null ? null : (
            <p class="action">
              <a href={action.href}>{action.label}</a>
            </p>
          )}
          <div class="foot">
            {foot.map((line) => (
              <p key={line} dir="auto">
                {line}
              </p>
            ))}
            {footLink === null ? null : (
              <p>
                <a href={footLink.href}>{footLink.label}</a>
              </p>
            )}
          </div>
        </div>
      </body>
    </html>
  )
}

function Entry({ entry }: { entry: LetterEntry }) {
  const { author, at, iso, body, mine, form } = entry
  return (
    <div class={mine ? 'entry mine' : 'entry'}>
      <p class="who">
        <bdi>{author}</bdi> <time datetime={iso}>{at}</time>
      </p>
      <Facts facts={form} />
      <div class="body" dir="auto">
        <RichText text={body} />
      </div>
    </div>
  )
}

function Facts({ facts }: { facts: LetterFact[] }) {
  if (facts.length === 0) return null
  return (
    <table class="facts" role="presentation">
      {facts.map(({ label, value }) => (
        <tr key={label}>
          <td class="label">{label}</td>
          <td>
            <bdi>{value}</bdi>
          </td>
        </tr>
      ))}
    </table>
  )
}

/** The same mail as plain text. */
export function letterText({ heading, lead, entries, facts, action, foot, footLink }: LetterContent): string {
  const said = entries.map(({ author, at, body, form }) => [`${author}, ${at}`, ...factLines(form), body].join('\n'))
  const end = [...foot, ...(footLink ? [`${footLink.label}: ${footLink.href}`] : [])]
  const parts = [
    heading,
    ...(lead === null ? [] : [lead]),
    ...said,
    ...(facts.length === 0 ? [] : [factLines(facts).join('\n')]),
    ...(action ? [`${action.label}:\n${action.href}`] : []),
    ...(end.length === 0 ? [] : [`-- \n${end.join('\n')}`]),
  ]
  return `${parts.join('\n\n')}\n`
}

const factLines = (facts: LetterFact[]): string[] => facts.map(({ label, value }) => `${label}: ${value}`)
