import type { z } from 'zod';
import { optionalInteger } from '../http/input.ts';

/** Which part of a history, counted from the newest message. */
export interface Page {
  readonly offset: number;
  readonly size: number;
}

const usualSize = 10;
const largestSize = 100;
/** Nobody reads so many pages; a program that does gets no more. */
const deepestOffset = 100_000;

/** The query of a history: pages count from 1, and a size of 0 or less is the usual one. */
export const pageQuery = { page: optionalInteger(), size: optionalInteger() } satisfies z.ZodRawShape;

export function toPage({
  page = 1,
  size = 0,
}: {
  readonly page?: number | undefined;
  readonly size?: number | undefined;
}): Page {
  const rows = size > 0 ? Math.min(size, largestSize) : usualSize;
  return { offset: Math.min(Math.max(page - 1, 0) * rows, deepestOffset), size: rows };
}
