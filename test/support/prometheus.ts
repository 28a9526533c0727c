import type { Program } from './find-program.ts';

/** What Prometheus checks rules, queries and metrics with. */
export const promtoolProgram: Program = {
  names: ['promtool'],
  packageName: 'prometheus',
  whatToDo: 'Install Prometheus, which brings it (on Debian: apt-get install prometheus).',
};

export const prometheusProgram: Program = { ...promtoolProgram, names: ['prometheus'] };
