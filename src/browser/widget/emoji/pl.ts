import { makePicker } from './picker.ts'
import groups from './pl.json' with { type: 'json' }

export const showPicker = makePicker(groups)
