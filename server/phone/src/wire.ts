/** What travels between phone and server, named as on the wire (docs/wire.md), and the check of what arrives. */

export type Title = Record<string, string>;
export type Row = Record<string, string>;

export interface Problem {
  code: string;
  message_zh: string;
  message_en: string;
  fix_zh: string;
  fix_en: string;
  field?: string;
}

/** A role at a place; village '' is the whole town. */
export interface Post {
  role: string;
  village: string;
}

export interface User {
  user_id: string;
  username: string;
  name: string;
  posts: Post[];
  person: string;
}

export interface Town {
  town_id: string;
  name: string;
  is_demo: boolean;
}

export interface SignedIn {
  token: string;
  user: User;
  town: Town;
  epoch: string;
}

export interface FileRef {
  sha256: string;
  bytes: number;
  type: string;
  name: string;
}

export interface Item {
  instance_id: string;
  form_id: string;
  version: string;
  deprecated_id?: string;
  payload: string;
  files: FileRef[];
}

export interface Receipt {
  instance_id: string;
  digest: string;
  epoch: string;
  seq: number;
  received_at: string;
  chain: string;
  signature: string;
  files_missing: string[];
}

export const OUTCOMES = ['accepted', 'resent', 'conflict', 'new_version', 'held', 'refused'] as const;
export type OutcomeName = (typeof OUTCOMES)[number];

export interface Outcome {
  instance_id: string;
  outcome: OutcomeName;
  receipt?: Receipt;
  problem?: Problem;
}

export interface WithdrawalOutcome {
  instance_id: string;
  outcome: 'withdrawn' | 'refused';
  problem?: Problem;
}

export type RowChange =
  | { kind: 'row'; seq: number; list: string; row: Row; removed?: false }
  | { kind: 'row'; seq: number; list: string; name: string; removed: true };

export interface FormChange {
  kind: 'form';
  seq: number;
  form_id: string;
  version: string;
  digest: string;
  title: Title;
  url: string;
  starts_from: string;
  /** Columns of that list that Find searches and shows, besides its names. */
  find?: string[];
  subject_list: string;
  /** Its pictures and sounds: name as the form says it -> digest. */
  media?: Record<string, string>;
  removed?: boolean;
}

export interface SubmissionChange {
  kind: 'submission';
  seq: number;
  root_id: string;
  instance_id: string;
  form_id: string;
  form_version: string;
  review_state: string;
  review_level: string; // village town county; none: nobody reviews it
  passed_level: string; // the level that approved this version last, '' for none
  title: string;
  comment: string;
  comments: Record<string, string>;
  due_on: string;
  files_missing: string[] | number;
  is_withdrawn: boolean;
  duplicate_of: string; // the record that was kept instead, '' for none
}

/** What the office decided about an item that it had kept apart; about these very bytes and no others. */
export interface HeldChange {
  kind: 'held';
  seq: number;
  instance_id: string;
  digest: string;
  state: 'taken' | 'dismissed' | 'open'; // open again: what was decided was undone
  comment: string;
  taken_as: string; // the version it became, '' for none
  root_id: string;
}

/** A record of one's own as another phone sent it. */
export interface OwnRecord {
  instance_id: string;
  deprecated_id: string;
  root_id: string;
  form_id: string;
  version: string;
  title: string;
  subject: string;
  payload: string;
  receipt: Receipt;
  form: FormChange;
}

export interface ListChange {
  kind: 'list';
  seq: number;
  list: string;
  columns: unknown;
}

/** Something the person is reminded of; closed ones are told too, so that they leave the inbox. */
export interface ReminderChange {
  kind: 'reminder';
  seq: number;
  reminder_id: string;
  stage: string;
  subject_kind: 'pairing' | 'task' | 'returned' | 'event' | 'ticket';
  subject_id: string;
  due_on: string;
  text_zh: string;
  text_en: string;
  state: 'delivered' | 'closed';
  at: string;
}

/** A leave of the person's own, asked for here or at the desk, and what became of it. */
export interface LeaveChange {
  kind: 'leave';
  seq: number;
  leave_id: string; // the record that asked for it, where one did
  leave_kind: '' | 'sick' | 'personal' | 'annual' | 'business' | 'other';
  from_on: string;
  until_on: string;
  reason: string;
  state: 'asked' | 'approved' | 'refused' | 'ended' | 'withdrawn';
}

/** An event as its organisers' phones hold it: enough to check people in without a network. */
export interface EventChange {
  kind: 'event';
  seq: number;
  event_id: string;
  name: string;
  event_kind: string;
  place: string;
  start_at: string;
  end_at: string;
  state: 'planned' | 'open' | 'held' | 'closed' | 'cancelled';
  wall_key: string; // makes the rotating code
  sessions: EventSession[];
  roster: RosterEntry[];
  removed?: true;
}

export interface EventSession {
  session_no: number;
  title: string;
  start_at: string;
  end_at: string;
  has_check_out: boolean;
}

export interface RosterEntry {
  attendee_id: string;
  name: string;
  pinyin: string; // initials and readings, to search by
  unit: string;
  role: string;
  card: string; // the opaque id on the badge, '' for none
  state: 'expected' | 'leave' | 'walk_in';
}

/** A check-in as it stands on the server, whoever took it. */
export interface CheckInChange {
  kind: 'check_in';
  seq: number;
  check_in_id: string;
  event_id: string;
  session_no: number;
  direction: 'in' | 'out';
  attendee_id: string;
  way: 'wall' | 'badge' | 'manual';
  at: string;
  state: 'valid' | 'unconfirmed' | 'merged' | 'dismissed';
}

export type Change =
  | RowChange
  | FormChange
  | SubmissionChange
  | HeldChange
  | ListChange
  | ReminderChange
  | LeaveChange
  | EventChange
  | CheckInChange;

export interface SyncRequest {
  device: DeviceReport;
  epoch: string;
  cursor: number;
  items: Item[];
  withdrawals: string[];
  have: { forms: Record<string, string>; scope: string };
}

/** What a phone tells about itself. */
export interface DeviceReport {
  device_id: string;
  app_version: string;
  n_unsent: number;
  n_drafts?: number;
  bytes_used?: number;
  bytes_free?: number;
  wipe?: '' | 'waits' | 'done';
}

export interface SyncAnswer {
  epoch: string;
  scope: string; // what this person may see; another one means another set of rows
  reset: boolean; // everything is sent anew: what the phone held is dropped first
  wipe?: boolean; // the office asks this phone to clear itself
  server_at: string;
  outcomes: Outcome[];
  withdrawals: WithdrawalOutcome[];
  changes: Change[];
  cursor: number;
  has_more: boolean;
}

type Loose = Record<string, unknown>;

const isObject = (value: unknown): value is Loose =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Return the answer if it has the shape of a sync answer; null for anything else (a portal's page, a proxy's JSON). */
export function asSyncAnswer(value: unknown): SyncAnswer | null {
  if (!isObject(value) || typeof value.epoch !== 'string' || typeof value.cursor !== 'number') return null;
  if (!Array.isArray(value.outcomes) || !Array.isArray(value.changes)) return null;
  return { withdrawals: [], has_more: false, scope: '', reset: false, ...value } as unknown as SyncAnswer;
}

export function asSignedIn(value: unknown): SignedIn | null {
  if (!isObject(value) || typeof value.token !== 'string' || !isObject(value.user)) return null;
  return value as unknown as SignedIn;
}

export function asOwnRecord(value: unknown): OwnRecord | null {
  if (!isObject(value) || typeof value.payload !== 'string') return null;
  return isObject(value.receipt) && isObject(value.form) ? (value as unknown as OwnRecord) : null;
}

export function asCalendarAddress(value: unknown): string | null {
  const url = isObject(value) ? value.url : null;
  return typeof url === 'string' ? url : null;
}

export function asProblem(value: unknown): Problem | null {
  const problem = isObject(value) ? value.problem : null;
  return isObject(problem) && typeof problem.code === 'string' ? (problem as unknown as Problem) : null;
}

/** Return whether the receipt is for exactly these bytes: only then may a record be shown as sent. */
export function isReceiptFor(receipt: Receipt | undefined, instanceId: string, digest: string): boolean {
  return receipt !== undefined && receipt.instance_id === instanceId && receipt.digest === digest;
}

export function nFilesMissing(change: SubmissionChange): number {
  return typeof change.files_missing === 'number' ? change.files_missing : change.files_missing.length;
}
