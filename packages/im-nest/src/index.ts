export { ImModule } from './im-module.ts';
export type { ImModuleAsyncOptions } from './im-module.ts';
