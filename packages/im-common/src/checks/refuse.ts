import { ImError } from '../errors.ts';
import type { Refuse } from './fields.ts';

/** For what is set once: options of `create…` and of listeners. */
export const invalidOption: Refuse = (problem, cause) => new ImError('INVALID_OPTION', problem, { cause });

/** For what a call is given. */
export const invalidArgument: Refuse = (problem, cause) =>
  new ImError('INVALID_ARGUMENT', problem, { cause });
