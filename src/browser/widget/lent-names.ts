/** Under which global name the frame's script lends Preact to the parts that come later, and what of it. */
export const lentAs = 'kontuarPreact'
export const lentNames = ['jsx', 'jsxs', 'jsxDEV', 'Fragment', 'useEffect', 'useRef', 'useState']
