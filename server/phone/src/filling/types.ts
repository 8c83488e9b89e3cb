/** The face of a live filling: what pages and widgets see, every changing thing a signal. */
import type { ReadonlySignal, Signal } from '@preact/signals';
import type { FormModule, NodeDef, Row } from './form.ts';

/** Rows of the external lists a form reads: loaded and indexed before it opens, and constant while it is open. */
export interface Lists {
  rows(list: string): readonly Row[];
  by(list: string, column: string, value: string): readonly Row[];
}

/** What the phone knows about who fills, where and when. */
export interface Meta {
  readonly instance_id?: string;
  readonly username?: string;
  readonly deviceid?: string;
  readonly phonenumber?: string;
  readonly email?: string;
  /** What the browser says of itself. */
  readonly device_info?: string;
  readonly now: () => Date;
}

export interface Options {
  readonly lists: Lists;
  readonly saved?: SavedFilling;
  readonly language: string;
  readonly meta: Meta;
  /** The list row this filling is about: goes into the question that has `subject`, which is then read-only. */
  readonly subject?: string;
  /** A filling that is only looked at: nothing happens because it was opened. */
  readonly isRead?: boolean;
}

/** One choice as shown now. */
export interface Choice {
  readonly name: string;
  readonly label: string;
  /** image, audio or video -> file name, in the current language. */
  readonly media?: Readonly<Record<string, string>>;
  readonly row: Row;
}

interface AnyView {
  readonly def: NodeDef;
  /** Path with 1-based positions, as the answers are addressed: `member[2]/age`. */
  readonly path: string;
  readonly relevant: ReadonlySignal<boolean>;
  /** The same now, for whoever looks at many and doesn't follow each. */
  isRelevant(): boolean;
  readonly label: ReadonlySignal<string>;
  readonly hint: ReadonlySignal<string>;
}

export interface QuestionView extends AnyView {
  readonly kind: 'question';
  readonly guidance: ReadonlySignal<string>;
  readonly purpose: ReadonlySignal<string>;
  readonly required: ReadonlySignal<boolean>;
  readonly readOnly: ReadonlySignal<boolean>;
  readonly value: ReadonlySignal<string>;
  /** What stands in the way of finalising, also an answer that nobody has asked for yet. */
  readonly problem: ReadonlySignal<Problem | null>;
  /** What is wrong with the answer, '' when nothing; an empty required answer is wrong once `errors()` was asked. */
  readonly error: ReadonlySignal<string>;
  readonly choices: ReadonlySignal<readonly Choice[]>;
}

export interface GroupView extends AnyView {
  readonly kind: 'group';
  readonly children: readonly View[];
}

export interface InstanceView {
  readonly kind: 'instance';
  readonly def: NodeDef;
  readonly path: string;
  readonly key: number;
  readonly label: ReadonlySignal<string>;
  readonly children: readonly View[];
}

export interface RepeatView extends AnyView {
  readonly kind: 'repeat';
  readonly instances: ReadonlySignal<readonly InstanceView[]>;
  /** Whether the person may add and remove; false where a count decides. */
  readonly isOpen: boolean;
}

export type View = QuestionView | GroupView | RepeatView;

export interface Problem {
  readonly kind: 'required' | 'constraint' | 'type' | 'choice';
  readonly message: string;
}

export interface FillingError extends Problem {
  readonly view: QuestionView;
}

/** A file an answer names. The text of such a question is this object as JSON. */
export interface FileRef {
  readonly sha256: string;
  readonly name: string;
  readonly bytes: number;
  readonly type: string;
}

/** A draft: every text by path, relevant or not, how many instances each repeat has, and how many it remembers. */
export interface SavedFilling {
  readonly form_id: string;
  readonly version: string;
  readonly texts: Readonly<Record<string, string>>;
  readonly counts: Readonly<Record<string, number>>;
  readonly spare?: Readonly<Record<string, number>>;
  readonly subject?: string;
  /** In which the labels were that its calculations took over, where there are such. */
  readonly language?: string;
  /** Made of a record, which has only what was asked. */
  readonly isSent?: boolean;
  /** The lists have other rows since: what was computed is computed anew. */
  readonly isOutdated?: boolean;
}

export interface EntityWrite {
  readonly list_name: string;
  readonly entity_id: string;
  readonly kind: 'create' | 'update';
  readonly label: string;
  readonly data: Readonly<Record<string, string>>;
  readonly path: string;
}

export type AnswerValue = string | number | AnswerValue[] | { [name: string]: AnswerValue };
export type Answers = Record<string, AnswerValue>;

export interface Filling {
  readonly module: FormModule;
  readonly root: GroupView;
  readonly language: Signal<string>;
  /** Another number whenever something came into relevance or went out of it. */
  readonly turns: ReadonlySignal<number>;
  set(view: QuestionView, text: string): void;
  addRepeat(view: RepeatView): InstanceView;
  /** Take an instance out; what is returned puts it back where it was. */
  removeRepeat(view: RepeatView, index: number): () => void;
  /** What stands in the way of finalising, relevant questions only, in document order. */
  problems(): FillingError[];
  /** The same, and from now on the questions show it themselves. */
  errors(): FillingError[];
  serialise(): { answers: Answers; files: FileRef[] };
  save(): SavedFilling;
  instanceName(): string;
  entities(): EntityWrite[];
}
