export { createApp, CreateAppError } from './create-app.ts';
export type { App } from './create-app.ts';
export { templates } from './templates.ts';
export type { TemplateName } from './templates.ts';
