import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { addApiRoute } from '../api/api-route.ts';
import type { Storage } from './file-usage.ts';

export const storage = z
  .object({
    usedBytes: z.int().meta({ description: 'With uploads that have begun, which have their room already' }),
    limitBytes: z.int(),
  })
  .meta({ id: 'Storage' });

export function storageApi(app: FastifyInstance, storageOf: (userId: number) => Promise<Storage>): void {
  addApiRoute(app, {
    method: 'GET',
    path: '/me/storage',
    name: 'getMyStorage',
    tag: 'Files',
    summary: 'What the caller’s files take up, and may',
    rights: 'Whoever is signed in.',
    answer: storage,
    async handle({ caller }) {
      const { bytes, most } = await storageOf(caller.userId);
      return { usedBytes: bytes, limitBytes: most };
    },
  });
}
