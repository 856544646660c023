import { Fragment, jsx, jsxDEV, jsxs } from 'preact/jsx-runtime'
import { useEffect, useRef, useState } from 'preact/hooks'
import { lentAs } from './lent-names.ts'

Object.assign(globalThis, { [lentAs]: { Fragment, jsx, jsxDEV, jsxs, useEffect, useRef, useState } })
