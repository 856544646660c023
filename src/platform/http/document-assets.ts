import type { DocumentAssets } from '../../../views/ui/document.tsx'
import { asset } from './assets.ts'

/** What a document of the console loads; one of the cabinet loads what is the cabinet's own, too; a `plain` one has no script. */
export const documentAssets = (kind: 'console' | 'settings' | 'plain'): DocumentAssets => ({
  style: asset('console.css'),
  script: kind === 'plain' ? null : asset('console.js'),
  more: kind === 'settings' ? { style: asset('settings.css'), script: asset('settings.js') } : null,
  icon: asset('icon.svg'),
  touchIcon: asset('icons/app-apple-180.png'),
})
