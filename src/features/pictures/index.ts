export { isPictureHash, pictureExists } from './find-picture.ts'
export { keepPicture } from './keep-picture.ts'
export { type ReadyPicture, readyPicture } from './ready-picture.ts'
