import type { Plugin } from 'vite';

const files = /\/packages\/im-nest\/test\//;

/** NestJS needs the decorators of old, and the types that they emit; esbuild knows no types. */
export const legacyDecorators: Plugin = {
  name: 'legacy-decorators',
  enforce: 'pre',
  transform: (code, id) => (files.test(id) ? compileLegacy(code, id) : undefined),
};

/** As a project of NestJS compiles it, but to an ES module. */
export async function compileLegacy(code: string, fileName: string): Promise<{ code: string; map: string }> {
  const { default: ts } = await import('typescript');
  const { outputText, sourceMapText = '' } = ts.transpileModule(code, {
    fileName,
    compilerOptions: {
      experimentalDecorators: true,
      emitDecoratorMetadata: true,
      module: ts.ModuleKind.ESNext,
      target: ts.ScriptTarget.ES2022,
      sourceMap: true,
    },
  });
  return { code: outputText, map: sourceMapText };
}
