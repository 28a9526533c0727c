export { createIm } from './create-im.ts';
export type { CreateImOptions, Im } from './create-im.ts';
