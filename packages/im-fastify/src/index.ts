export { imPlugin } from './im-plugin.ts';
export type { ImPluginOptions } from './im-plugin.ts';
export type { TokenRoute, TokenUser } from './token-route.ts';
