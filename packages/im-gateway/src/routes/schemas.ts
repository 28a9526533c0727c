import { z } from 'zod';

// What several routes take or give. im-client looks closer: here is what the API description can say.

const userIdForm =
  'a 64-bit integer (beyond 2^53 as a text), or 1 to 64 characters out of A-Z a-z 0-9 _ . @ -';

const error = `expected a user id: ${userIdForm}`;

export const userId = z
  .union([z.string().min(1).max(64), z.int(error)], error)
  .meta({ description: `The id of a user: ${userIdForm}` });

export const terminal = z
  .int()
  .min(-(2 ** 31))
  .max(2 ** 31 - 1);

export const terminals = z.array(terminal).max(100);

export const address = z.object({ id: z.string(), terminal });

export const moment = z.int().min(0).meta({ description: 'Epoch milliseconds' });

export const topic = z
  .string()
  .min(1)
  .max(128)
  .meta({ description: '1 to 128 characters out of A-Z a-z 0-9 _ : . @ -' });
