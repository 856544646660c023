/** Rows in columns for a person: a head line, then one line a row. Control characters in values are not written. */
export function table<K extends string>(rows: readonly Record<K, string | boolean>[], columns: readonly K[]): string {
  const cells = [[...columns], ...rows.map((row) => columns.map((column) => plain(row[column])))]
  const widths = columns.map((_, at) => Math.max(...cells.map((line) => line[at]?.length ?? 0)))
  return cells
    .map((line) =>
      line
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

const plain = (value: string | boolean): string => String(value).replace(/\p{Cc}/gu, ' ')
