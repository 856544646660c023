// Lucide, ISC licence. Only the symbols in use; the mark is ours.
const shapes = {
  mark: ['M5 4v16M19 4l-8.5 8.2M11.5 11.6 19 20', 'M2 20h20'],
  conversations: [
    'M16 10a2 2 0 0 1-2 2H6.828a2 2 0 0 0-1.414.586l-2.202 2.202A.71.71 0 0 1 2 14.286V4a2 2 0 0 1 2-2h10a2 2 0 0 1 2 2z',
    'M20 9a2 2 0 0 1 2 2v10.286a.71.71 0 0 1-1.212.502l-2.202-2.202A2 2 0 0 0 17.172 19H10a2 2 0 0 1-2-2v-1',
  ],
  settings: [
    'M9.671 4.136a2.34 2.34 0 0 1 4.659 0 2.34 2.34 0 0 0 3.319 1.915 2.34 2.34 0 0 1 2.33 4.033 2.34 2.34 0 0 0 0 3.831 2.34 2.34 0 0 1-2.33 4.033 2.34 2.34 0 0 0-3.319 1.915 2.34 2.34 0 0 1-4.659 0 2.34 2.34 0 0 0-3.32-1.915 2.34 2.34 0 0 1-2.33-4.033 2.34 2.34 0 0 0 0-3.831A2.34 2.34 0 0 1 6.35 6.051a2.34 2.34 0 0 0 3.319-1.915',
    'M9 12a3 3 0 1 0 6 0 3 3 0 1 0-6 0',
  ],
  visitor: ['M19 21v-2a4 4 0 0 0-4-4H9a4 4 0 0 0-4 4v2', 'M8 7a4 4 0 1 0 8 0 4 4 0 1 0-8 0'],
  back: ['m12 19-7-7 7-7', 'M19 12H5'],
  down: ['M12 5v14', 'm19 12-7 7-7-7'],
  send: ['M20 4v7a4 4 0 0 1-4 4H4', 'm9 10-5 5 5 5'],
  check: ['M20 6 9 17l-5-5'],
  attention: ['m21.73 18-8-14a2 2 0 0 0-3.48 0l-8 14A2 2 0 0 0 4 21h16a2 2 0 0 0 1.73-3', 'M12 9v4', 'M12 17h.01'],
} as const

/** A decoration: what it stands for is said in words beside it. `flip` mirrors it where text runs from right to left. */
export function Icon({ name, small, flip }: { name: keyof typeof shapes; small?: boolean; flip?: boolean }) {
  return (
    <svg
      class="icon"
      data-size={small ? 's' : undefined}
      data-flip={flip ? '' : undefined}
      viewBox="0 0 24 24"
      aria-hidden="true"
    >
      {shapes[name].map((path) => (
        <path key={path} d={path} />
      ))}
    </svg>
  )
}
