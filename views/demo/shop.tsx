import { direction, type Translate } from '../../src/platform/lib/i18n.ts'

const water = ['spring19', 'spring6', 'mineral', 'kvass'] as const
const groceries = ['bread', 'apples', 'milk', 'honey'] as const
const zones = ['north', 'centre', 'south'] as const

type Product = (typeof water)[number] | (typeof groceries)[number]
type Picture = (name: string) => string

/** A small shop with the snippet in it, as a shop's developer would put it. `picture` gives the address of a drawing. */
export function ShopPage(props: { t: Translate; siteId: string; shop: string; style: string; picture: Picture }) {
  const { t, siteId, shop, style, picture } = props
  return (
    <html lang={t.locale} dir={direction(t.locale)}>
      <head>
        <meta charset="utf-8" />
        <title>{t('demo.title', { shop })}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <link rel="icon" href={picture('spring19')} type="image/svg+xml" />
        <link rel="stylesheet" href={style} />
        <script async src={`/widget.js?site=${siteId}`} />
      </head>
      <body>
        <header>
          <b>
            <bdi>{shop}</bdi>
          </b>
          <nav aria-label={t('demo.nav')}>
            <a href="#water">{t('demo.water')}</a>
            <a href="#groceries">{t('demo.groceries')}</a>
            <a href="#zones">{t('demo.zones')}</a>
          </nav>
        </header>
        <main>
          <h1>{t('demo.lead')}</h1>
          <p class="about">{t('demo.about')}</p>
          <Shelf t={t} name="water" products={water} picture={picture} />
          <Shelf t={t} name="groceries" products={groceries} picture={picture} />
          <Zones t={t} />
        </main>
        <footer>{t('demo.notice')}</footer>
      </body>
    </html>
  )
}

function Shelf(props: { t: Translate; name: 'water' | 'groceries'; products: readonly Product[]; picture: Picture }) {
  const { t, name, products, picture } = props
  return (
    <section id={name} aria-labelledby={`${name}-title`}>
      <h2 id={`${name}-title`}>{t(`demo.${name}`)}</h2>
      <ul class="shelf">
        {products.map((product) => (
          <li key={product}>
            <img src={picture(product)} alt="" width="200" height="150" />
            <span>{t(`demo.product.${product}`)}</span>
            <b>
              <bdi>{t(`demo.price.${product}`)}</bdi>
            </b>
          </li>
        ))}
      </ul>
    </section>
  )
}

const Zones = ({ t }: { t: Translate }) => (
  <section id="zones" aria-labelledby="zones-title">
    <h2 id="zones-title">{t('demo.zones')}</h2>
    <table>
      <thead>
        <tr>
          <th scope="col">{t('demo.zone')}</th>
          <th scope="col">{t('demo.days')}</th>
          <th scope="col">{t('demo.from')}</th>
        </tr>
      </thead>
      <tbody>
        {zones.map((zone) => (
          <tr key={zone}>
            <th scope="row">{t(`demo.zone.${zone}`)}</th>
            <td>{t(`demo.days.${zone}`)}</td>
            <td>{t(`demo.from.${zone}`)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </section>
)
