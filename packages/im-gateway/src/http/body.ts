import type { FastifyInstance } from 'fastify';
import { jsonText } from 'im-client';
import { scanObject, ScanError } from 'im-common/internal/bus';
import { GatewayError } from './gateway-error.ts';

/** The member of a body that is passed on byte for byte: what its sender wrote is what the device reads. */
const opaque = 'data';

/** JSON bodies, in which `data` stays the text that it is. */
export function readBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    try {
      done(null, readBody(String(body)));
    } catch (error) {
      done(error as Error);
    }
  });
}

function readBody(text: string): object {
  try {
    const members = Array.from(scanObject(text), ([name, raw]) => {
      return [name, name === opaque ? jsonText(raw) : (JSON.parse(raw) as unknown)] as const;
    });
    return Object.fromEntries(members);
  } catch (error) {
    if (!(error instanceof ScanError)) throw error;
    throw new GatewayError('BODY_REFUSED', `The body is no JSON object: ${error.message}.`, { status: 400 });
  }
}
