export { createIm, Im } from './create-im.ts';
export type { CreateImOptions } from './create-im.ts';
