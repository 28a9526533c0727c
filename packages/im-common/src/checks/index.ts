export { Fields, readOptions, reasonOf, wrongOption } from './fields.ts';
export type { Kinds, Refuse } from './fields.ts';
export {
  anyFunction,
  boolean,
  bytes,
  choice,
  count,
  either,
  integer,
  list,
  listOf,
  logger,
  milliseconds,
  objectWith,
  port,
  secrets,
  terminals,
  text,
} from './kinds.ts';
export type { Kind, TextKind } from './kinds.ts';
export { invalidArgument, invalidOption } from './refuse.ts';
export { show } from './show.ts';
export { nearest, suggestion } from './suggest.ts';
