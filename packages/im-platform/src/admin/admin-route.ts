import type { FastifyInstance } from 'fastify';
import type { z } from 'zod';
import { addApiRoute, type ApiInput, type ApiRoute } from '../api/api-route.ts';
import type { Trail } from '../admins/trail.ts';
import type { Database, Sql } from '../db/database.ts';

/** Writes into the audit trail what is done, in the transaction of the deed; with what was found out about it beside what was asked for. */
export type Note = (sql: Sql, found?: object) => Promise<void>;

export interface AdminRouteDeps {
  readonly database: Pick<Database, 'sql' | 'transaction'>;
  readonly trail: Trail;
}

type Given = 'handle' | 'tag' | 'rights' | 'isForAdmins';

/** One route of `/v1/admin`. Whatever it does, and whatever it shows, is in the audit trail. */
export function addAdminRoute<
  Body extends z.ZodType = z.ZodUndefined,
  Query extends z.ZodType = z.ZodUndefined,
  Params extends z.ZodType = z.ZodUndefined,
  Answer extends z.ZodType = z.ZodVoid,
>(
  app: FastifyInstance,
  { database, trail }: AdminRouteDeps,
  route: Omit<ApiRoute<Body, Query, Params, Answer>, Given> & {
    /** What it is done to: `user:7`. */
    readonly subject: (params: z.output<Params>) => string;
    /** Calls `note` in its transaction. What is only read is noted before it is shown. */
    readonly handle: (
      input: ApiInput<z.output<Body>, z.output<Query>, z.output<Params>>,
      note: Note,
    ) => Promise<z.input<Answer>>;
  },
): void {
  const { subject, handle, ...rest } = route;
  addApiRoute<Body, Query, Params, Answer>(app, {
    ...rest,
    tag: 'Admin',
    rights: 'Admins (`im-platform admin grant`). It is written into the audit trail.',
    isForAdmins: true,
    async handle(input) {
      const { body, query, params, caller, request } = input;
      const deed = {
        ...{ actorId: caller.userId, action: route.name, subject: subject(params) },
        ...{ network: request.network, details: { ...(query as object), ...(body as object) } },
      };
      const trace = { isLeft: false };
      const note: Note = async (sql, found) => {
        await trail.add(sql, found ? { ...deed, details: { ...deed.details, ...found } } : deed);
        trace.isLeft = true;
      };
      if (route.method === 'GET') await note(database.sql);
      const answer = await handle(input, note);
      if (!trace.isLeft) throw new Error(`${route.name} is not in the audit trail.`);
      return answer;
    },
  });
}
