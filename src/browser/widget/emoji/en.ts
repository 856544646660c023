import { makePicker } from './picker.ts'
import groups from './en.json' with { type: 'json' }

export const showPicker = makePicker(groups)
