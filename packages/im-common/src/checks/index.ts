export { Fields, readOptions, reasonOf, showOr, wrongOption } from './fields.ts';
export type { Kinds, Refuse } from './fields.ts';
export { hidePassword } from './hide-password.ts';
export {
  anyFunction,
  bare,
  boolean,
  bytes,
  choice,
  count,
  either,
  file,
  host,
  integer,
  list,
  listOf,
  logger,
  logLevel,
  milliseconds,
  objectWith,
  origins,
  port,
  secrets,
  terminals,
  text,
  url,
} from './kinds.ts';
export type { Kind, LogLevel, TextKind } from './kinds.ts';
export { defaultsOf, inGroup, libraryNames, readTable } from './option-table.ts';
export type { Complete, OptionTable, ProgramRow, Row, Rows } from './option-table.ts';
export { operation } from './operation.ts';
export { invalidArgument, invalidOption } from './refuse.ts';
export { show } from './show.ts';
export { nearest, suggestion } from './suggest.ts';
