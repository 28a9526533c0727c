import type { ByteText } from 'im-common/bus';
import type { Source } from '../push/pushed-message.ts';

/** What goes to one result list, and the entries that are acknowledged once it is there. */
export interface Report {
  readonly texts: ByteText[];
  /** By the list that they were taken from: their numbers. */
  readonly done: Map<Source, number[]>;
}

/** By result list. */
export type Reports = Map<string, Report>;

/** For messages whose sender wants no result: only acknowledged. */
export const noList = '';

export function reportOf(reports: Reports, list: string): Report {
  let report = reports.get(list);
  if (!report) reports.set(list, (report = { texts: [], done: new Map() }));
  return report;
}

/** The entry is acknowledged with the report. */
export function addDone(report: Report, source: Source, seq: number): void {
  const done = report.done.get(source);
  if (done) done.push(seq);
  else report.done.set(source, [seq]);
}

export function merge(into: Reports, from: Reports): void {
  for (const [list, { texts, done }] of from) {
    const report = reportOf(into, list);
    for (const text of texts) report.texts.push(text);
    for (const [source, seqs] of done) for (const seq of seqs) addDone(report, source, seq);
  }
}
