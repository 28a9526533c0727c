import type { FastifyInstance } from 'fastify';
import type { Core } from './core.ts';

/** A part of the business: adds its routes, starts what it needs, and returns what ends that again. */
export type Feature = (app: FastifyInstance, core: Core) => void | Promise<void | (() => Promise<void>)>;
