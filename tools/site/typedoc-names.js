// Modules are called what users import: im-client/testing, where TypeDoc says im-client/src/testing.
import { Converter } from 'typedoc';

export function load(app) {
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const module of project.children ?? [])
      module.name = module.name
        .replace(/^packages\//, '')
        .replace('/src', '')
        .replace(/\/index$/, '');
  });
}
