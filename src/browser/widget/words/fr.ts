import { frameTexts } from '../../../catalogues/patterns.ts' with { type: 'macro' }

export const words = frameTexts('fr')
