/** Why somebody reports something. */
export const reportReasons = ['spam', 'abuse', 'violence', 'sexual', 'fraud', 'other'] as const;
export type ReportReason = (typeof reportReasons)[number];

/** What somebody says of somebody else, or of what they wrote, to whoever runs the platform. */
export interface Report {
  readonly id: number;
  readonly reporterId: number;
  /** What it is about, in one word. */
  readonly target: string;
  /** Whom it is about. */
  readonly userId: number;
  readonly conversation: string | null;
  readonly number: number | null;
  readonly reason: ReportReason;
  readonly text: string;
  /** What the reporter saw then, as JSON: it stays when the message is recalled. */
  readonly evidence: string;
  readonly isClosed: number;
  readonly sentTime: number;
}
