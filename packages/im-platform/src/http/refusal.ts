import type { TextKey } from './texts.ts';

/** Box-im's codes in the envelope, and 404, 429, 503, 10010 for what it does not know. */
export type RefusalCode = 400 | 401 | 404 | 429 | 500 | 503 | 10_001 | 10_003 | 10_004 | 10_010;

/** What the user asked for is not done, and the text says why. An expected answer, not a fault: it is not logged. */
export class Refusal extends Error {
  readonly code: RefusalCode;
  readonly key: TextKey;
  readonly values: Readonly<Record<string, string>>;
  /** When it makes sense to ask again. */
  readonly retryAfterS: number | undefined;
  /** What is to be shown with what is missing. */
  readonly ticket: string | undefined;

  constructor(
    key: TextKey,
    {
      code = 500,
      values = {},
      retryAfterS,
      ticket,
    }: { code?: RefusalCode; values?: Record<string, string>; retryAfterS?: number; ticket?: string } = {},
  ) {
    super(key);
    this.name = 'Refusal';
    this.key = key;
    this.code = code;
    this.ticket = ticket;
    this.values = values;
    this.retryAfterS = retryAfterS ?? (code === 503 ? 2 : undefined);
  }
}
