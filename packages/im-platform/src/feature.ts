import type { FastifyInstance } from 'fastify';

/** Ends what a feature has started. */
export type Ending = () => Promise<void>;

/**
 * A part of the business: adds its routes, starts what it needs, and returns what ends that again. `Needs` is all that it
 * knows of the rest; platform.ts gives it.
 */
export type Feature<Needs> = (
  app: FastifyInstance,
  needs: Needs,
) => Ending | undefined | Promise<Ending | undefined>;
