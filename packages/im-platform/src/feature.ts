import type { FastifyInstance } from 'fastify';
import type { Core } from './core.ts';

/** Ends what a feature has started. */
export type Ending = () => Promise<void>;

/** A part of the business: adds its routes, starts what it needs, and returns what ends that again. */
export type Feature = (app: FastifyInstance, core: Core) => Ending | undefined | Promise<Ending | undefined>;
