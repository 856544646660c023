import type { ComponentChildren } from 'preact'

export type Column = { name: string; numeric?: boolean }
export type TableRow = { key: string; cells: ComponentChildren[] }

/** Many things with the same fields. The first cell of a row names it. */
export function Table({ caption, columns, rows }: { caption: string; columns: Column[]; rows: TableRow[] }) {
  const kindOf = (place: number) => (columns[place]?.numeric ? 'number' : undefined)
  return (
    <div class="table" role="region" aria-label={caption} tabIndex={0}>
      <table>
        <caption class="said">{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ name }, place) => (
              <th key={name} scope="col" data-is={kindOf(place)}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, cells: [first, ...cells] }) => (
            <tr key={key}>
              <th scope="row">{first}</th>
              {cells.map((cell, place) => (
                <td key={columns[place + 1]?.name} data-is={kindOf(place + 1)}>
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
