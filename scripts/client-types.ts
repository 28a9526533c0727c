import { fileURLToPath } from 'node:url';
import openapi, { astToString } from 'openapi-typescript';
import { format, resolveConfig } from 'prettier';

export const clientTypesFile: string = fileURLToPath(
  new URL('../packages/im-platform/src/client/generated-types.ts', import.meta.url),
);

/** TypeScript for an OpenAPI document, as prettier leaves it. */
export async function clientTypes(document: string): Promise<string> {
  const types = astToString(await openapi(document));
  const text = `// Written by \`npm run client\` from /v1/openapi.json.\n${types}`;
  return format(text, { ...(await resolveConfig(clientTypesFile)), parser: 'typescript' });
}
