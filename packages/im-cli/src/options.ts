import type { RedisBusOptions } from 'im-common/bus';

/** What all commands share. The table in `option-table.ts` has a row for each. */
export interface Options {
  readonly redis?: string | RedisBusOptions | undefined;
  readonly keyPrefix: string;
  readonly commandTimeoutMs: number;
  readonly service?: string | undefined;
  readonly terminals: readonly number[];
  readonly jwtSecret?: readonly string[] | undefined;
  readonly jwtSecretFile?: string | undefined;
  readonly json: boolean;
}

export type WithoutDefault = 'redis' | 'service' | 'jwtSecret' | 'jwtSecretFile';
