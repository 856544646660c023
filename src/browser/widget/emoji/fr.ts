import { makePicker } from './picker.ts'
import groups from './fr.json' with { type: 'json' }

export const showPicker = makePicker(groups)
