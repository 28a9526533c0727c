import { describe } from 'vitest';
import { claims } from './bus-conformance/claims.ts';
import { cluster } from './bus-conformance/cluster.ts';
import { kept } from './bus-conformance/kept.ts';
import { life } from './bus-conformance/life.ts';
import { presence } from './bus-conformance/presence.ts';
import { putting } from './bus-conformance/putting.ts';
import { registry } from './bus-conformance/registry.ts';
import { sessions } from './bus-conformance/sessions.ts';
import { connectFor, type ConformanceOptions, type MakeBus } from './bus-conformance/subject.ts';
import { taking } from './bus-conformance/taking.ts';
import { topics } from './bus-conformance/topics.ts';
import { uplinks } from './bus-conformance/uplinks.ts';
import { waiting } from './bus-conformance/waiting.ts';

export type { MakeBus } from './bus-conformance/subject.ts';

/** What every bus promises, sentence by sentence of `bus.ts`. Call it once per kind of bus, in a test file of its own. */
export function busConformance(name: string, makeBus: MakeBus, options: ConformanceOptions = {}): void {
  describe(name, () => {
    const connections = connectFor(makeBus, options);
    describe('putting', () => {
      putting(connections);
    });
    describe('taking', () => {
      taking(connections);
    });
    describe('waiting', () => {
      waiting(connections);
    });
    describe('presence', () => {
      presence(connections);
    });
    describe('sessions', () => {
      sessions(connections);
    });
    describe('kept messages', () => {
      kept(connections);
    });
    describe('registry', () => {
      registry(connections);
    });
    describe('claims', () => {
      claims(connections);
    });
    describe('topics', () => {
      topics(connections);
    });
    describe('cluster', () => {
      cluster(connections);
    });
    describe('uplinks', () => {
      uplinks(connections);
    });
    describe('life', () => {
      life(makeBus);
    });
  });
}
