import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isLanguage, languageOf, type AnswerLanguage, type Language } from './texts.ts';

/** Answers are in the language that a client names in the header `language`; others get the usual one. */
export function speak(app: FastifyInstance, usual: AnswerLanguage): void {
  app.decorate('usualLanguage', usual);
}

export function languageFor({ headers, server }: FastifyRequest): Language {
  const named = headers['language'];
  if (isLanguage(named)) return named;
  return server.usualLanguage === 'client' ? languageOf(headers['accept-language']) : server.usualLanguage;
}

declare module 'fastify' {
  interface FastifyInstance {
    usualLanguage: AnswerLanguage;
  }
}
