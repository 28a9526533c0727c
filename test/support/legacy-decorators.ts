import type { Plugin } from 'vite';

const files = /\/packages\/im-nest\/test\//;

/** NestJS needs the decorators of old, and the types that they emit; esbuild knows no types. */
export const legacyDecorators: Plugin = {
  name: 'legacy-decorators',
  enforce: 'pre',
  transform: (code, id) => (files.test(id) ? compileLegacy(code, id) : undefined),
};

interface Compiled {
  readonly code: string;
  readonly map: string;
}

/** As a project of NestJS compiles it, but to an ES module if nothing else is asked for. */
export async function compileLegacy(
  code: string,
  fileName: string,
  to: 'ESNext' | 'CommonJS' = 'ESNext',
): Promise<Compiled> {
  const { default: ts } = await import('typescript');
  const { outputText, sourceMapText = '' } = ts.transpileModule(code, {
    fileName,
    compilerOptions: {
      experimentalDecorators: true,
      emitDecoratorMetadata: true,
      module: ts.ModuleKind[to],
      esModuleInterop: true,
      target: ts.ScriptTarget.ES2022,
      sourceMap: true,
    },
  });
  return { code: outputText, map: sourceMapText };
}
