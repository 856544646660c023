import enConsole from './en/console.json' with { type: 'json' }
import enWidget from './en/widget.json' with { type: 'json' }
import enAccount from './en/account.json' with { type: 'json' }
import enCabinet from './en/cabinet.json' with { type: 'json' }
import enSettings from './en/settings.json' with { type: 'json' }
import enDemo from './en/demo.json' with { type: 'json' }
import enApi from './en/api.json' with { type: 'json' }
import enRefusals from './en/refusals.json' with { type: 'json' }
import enClients from './en/clients.json' with { type: 'json' }
import enMail from './en/mail.json' with { type: 'json' }
import enSeed from './en/seed.json' with { type: 'json' }
import enTemplates from './en/templates.json' with { type: 'json' }
import ruConsole from './ru/console.json' with { type: 'json' }
import ruWidget from './ru/widget.json' with { type: 'json' }
import ruAccount from './ru/account.json' with { type: 'json' }
import ruCabinet from './ru/cabinet.json' with { type: 'json' }
import ruSettings from './ru/settings.json' with { type: 'json' }
import ruDemo from './ru/demo.json' with { type: 'json' }
import ruApi from './ru/api.json' with { type: 'json' }
import ruRefusals from './ru/refusals.json' with { type: 'json' }
import ruClients from './ru/clients.json' with { type: 'json' }
import ruMail from './ru/mail.json' with { type: 'json' }
import ruSeed from './ru/seed.json' with { type: 'json' }
import ruTemplates from './ru/templates.json' with { type: 'json' }
import plConsole from './pl/console.json' with { type: 'json' }
import plWidget from './pl/widget.json' with { type: 'json' }
import plAccount from './pl/account.json' with { type: 'json' }
import plCabinet from './pl/cabinet.json' with { type: 'json' }
import plSettings from './pl/settings.json' with { type: 'json' }
import plDemo from './pl/demo.json' with { type: 'json' }
import plApi from './pl/api.json' with { type: 'json' }
import plRefusals from './pl/refusals.json' with { type: 'json' }
import plClients from './pl/clients.json' with { type: 'json' }
import plMail from './pl/mail.json' with { type: 'json' }
import plSeed from './pl/seed.json' with { type: 'json' }
import plTemplates from './pl/templates.json' with { type: 'json' }
import frConsole from './fr/console.json' with { type: 'json' }
import frWidget from './fr/widget.json' with { type: 'json' }
import frAccount from './fr/account.json' with { type: 'json' }
import frCabinet from './fr/cabinet.json' with { type: 'json' }
import frSettings from './fr/settings.json' with { type: 'json' }
import frDemo from './fr/demo.json' with { type: 'json' }
import frApi from './fr/api.json' with { type: 'json' }
import frRefusals from './fr/refusals.json' with { type: 'json' }
import frClients from './fr/clients.json' with { type: 'json' }
import frMail from './fr/mail.json' with { type: 'json' }
import frSeed from './fr/seed.json' with { type: 'json' }
import frTemplates from './fr/templates.json' with { type: 'json' }
import type { Locale } from './locales.ts'

type Catalogue = {
  console: Record<keyof typeof enConsole, string>
  widget: Record<keyof typeof enWidget, string>
  account: Record<keyof typeof enAccount, string>
  settings: Record<keyof typeof enSettings, string>
  cabinet: Record<keyof typeof enCabinet, string>
  demo: Record<keyof typeof enDemo, string>
  api: Record<keyof typeof enApi, string>
  refusals: Record<keyof typeof enRefusals, string>
  clients: Record<keyof typeof enClients, string>
  mail: Record<keyof typeof enMail, string>
  templates: Record<keyof typeof enTemplates, string>
  /** What people say in the demo that `demo seed` writes. */
  seed: Record<keyof typeof enSeed, string>
}

export type Namespace = keyof Catalogue

/** Every key, as `console.finish`; English decides which keys there are. */
export type Key = { [N in Namespace]: `${N}.${keyof Catalogue[N] & string}` }[Namespace]
export type KeyOf<N extends Namespace> = keyof Catalogue[N] & string

/** The messages as they stand in the files, in ICU MessageFormat. */
export const catalogues: Record<Locale, Catalogue> = {
  en: {
    console: enConsole,
    widget: enWidget,
    account: enAccount,
    settings: enSettings,
    cabinet: enCabinet,
    demo: enDemo,
    api: enApi,
    refusals: enRefusals,
    clients: enClients,
    mail: enMail,
    seed: enSeed,
    templates: enTemplates,
  },
  ru: {
    console: ruConsole,
    widget: ruWidget,
    account: ruAccount,
    settings: ruSettings,
    cabinet: ruCabinet,
    demo: ruDemo,
    api: ruApi,
    refusals: ruRefusals,
    clients: ruClients,
    mail: ruMail,
    seed: ruSeed,
    templates: ruTemplates,
  },
  pl: {
    console: plConsole,
    widget: plWidget,
    account: plAccount,
    settings: plSettings,
    cabinet: plCabinet,
    demo: plDemo,
    api: plApi,
    refusals: plRefusals,
    clients: plClients,
    mail: plMail,
    seed: plSeed,
    templates: plTemplates,
  },
  fr: {
    console: frConsole,
    widget: frWidget,
    account: frAccount,
    settings: frSettings,
    cabinet: frCabinet,
    demo: frDemo,
    api: frApi,
    refusals: frRefusals,
    clients: frClients,
    mail: frMail,
    seed: frSeed,
    templates: frTemplates,
  },
}
