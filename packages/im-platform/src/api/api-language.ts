import type { FastifyReply, FastifyRequest } from 'fastify';
import { languageOf, type Language } from '../http/texts.ts';

/** What `Accept-Language` asks for; English when it asks for neither. */
export function apiLanguageOf({ headers }: Pick<FastifyRequest, 'headers'>): Language {
  return languageOf(headers['accept-language'], 'en');
}

/** Tells the client, and caches between, in which language an answer is and why. */
export function nameLanguage(request: FastifyRequest, reply: FastifyReply): void {
  const vary = [reply.getHeader('vary'), 'accept-language'].filter((name) => name !== undefined);
  void reply.headers({ 'content-language': apiLanguageOf(request), vary: vary.join(', ') });
}
