/** The table of contents of an open filling: pages and instances, what is left to do on each, the form's languages. */
import type { JSX } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import type { FillingError, InstanceView, RepeatView, View } from '../filling/types.ts';
import type { Page, Step } from '../pagination.ts';
import { hasComment, isPageShown, problemsByPage, repeatsOn } from '../pagination.ts';
import { firstLine } from '../markup.ts';
import { Icon, Sheet, Tag } from '../parts.tsx';
import type { Level, Position } from '../position.ts';
import { language, spoken } from '../settings.ts';
import { t } from '../texts/rare.ts';
import type { Desk } from '../widgets/context.ts';
import { useDesk } from '../widgets/context.ts';
import { instanceLabel, repeatLabel } from '../widgets/labels.ts';
import { Marks } from '../widgets/Marks.tsx';
import { Window } from '../widgets/Window.tsx';

const BEFORE = 20; // entries before this one that are in the list at once
const MOST_INSTANCES = 20; // more would hide the pages after them; the page that lists them has them all

export interface ContentsProps {
  position: Position;
  onClose: () => void;
  onGo: (steps: readonly Step[]) => void;
  onFinish: () => void;
}

interface Entry {
  title: string;
  depth: number;
  /** How many instances a page lists, where they aren't entries themselves; 0 for none. */
  nItems: number;
  problems: readonly FillingError[];
  isCommented: boolean;
  isHere: boolean;
  steps: readonly Step[];
}

export function Contents({ position, onClose, onGo, onFinish }: ContentsProps): JSX.Element {
  const desk = useDesk();
  const problems = useMemo(() => desk.filling.problems(), []);
  const entries = entriesOf(position.levels.value, problems, desk);
  const here = entries.findIndex(entry => entry.isHere);
  useEffect(() => document.querySelector('.sheet [aria-current]')?.scrollIntoView({ block: 'center' }), []);
  return (
    <Sheet title={t('contents')} onClose={onClose} tall>
      <Languages />
      {problems.length > 0 ? <p class="plain-note">{t('errors_title', { n: problems.length })}</p> : null}
      <Window
        of={entries}
        from={Math.max(0, here - BEFORE)}
        show={entry => <Row entry={entry} onGo={onGo} />}
      />
      <div class="buttons">
        <button class="button look-main" type="button" onClick={onFinish}>
          {t('finish')}
        </button>
      </div>
    </Sheet>
  );
}

function Row({ entry, onGo }: { entry: Entry; onGo: ContentsProps['onGo'] }): JSX.Element {
  return (
    <button
      class="cell"
      type="button"
      style={{ paddingInlineStart: `${1 + entry.depth * 0.8}rem` }}
      aria-current={entry.isHere ? 'step' : undefined}
      onClick={() => onGo(entry.steps)}
    >
      <span class="cell-main">
        <span class="cell-title">{entry.title}</span>
        {entry.nItems > 0 ? <span class="cell-note">{t('n_items', { n: entry.nItems })}</span> : null}
        <Marks of={entry.problems}>
          {entry.isCommented ? <Tag tone="wait">{t('comment_tag')}</Tag> : null}
        </Marks>
      </span>
      {entry.isHere ? <span class="tag tone-info">●</span> : null}
      <Icon name="next" />
    </button>
  );
}

function Languages(): JSX.Element | null {
  const { filling } = useDesk();
  const { languages } = filling.module;
  if (languages.length < 2) return null;
  return (
    <label class="cell is-wide">
      <span class="cell-main">{t('form_language')}</span>
      <span class="cell-side">
        <select
          class="input"
          value={filling.language.value}
          onChange={event => (spoken.value = event.currentTarget.value)}
        >
          {languages.map(name => (
            <option key={name} value={name}>
              {nameOf(name)}
            </option>
          ))}
        </select>
      </span>
    </label>
  );
}

/** A language that is only a code goes by its name in the language of the app. */
function nameOf(written: string): string {
  if (written === 'default') return t('language_default');
  if (!/^[a-z]{2,3}$/.test(written) || typeof Intl.DisplayNames !== 'function') return written;
  return new Intl.DisplayNames(language.value, { type: 'language' }).of(written) ?? written;
}

/** The pages of a level that show anything, each followed by the instances it lists. */
function entriesOf(
  [level, ...inside]: readonly Level[],
  problems: readonly FillingError[],
  desk: Desk,
  before: readonly Step[] = [],
): Entry[] {
  if (!level) return [];
  const found = problemsByPage(level.pages, problems, desk.filling.module.nodes);
  const shown = level.pages.filter(isPageShown);
  return shown.flatMap((page, at) => {
    const step: Step = { page: level.pages.indexOf(page), repeat: null, instance: null };
    const onPage = found.get(page) ?? [];
    const instances = instancesOn(page);
    const isShort = instances.length <= MOST_INSTANCES;
    return [
      {
        title: titleOfPage(page, at, page.group !== shown[at - 1]?.group, desk.filling.language.value),
        depth: 2 * before.length,
        nItems: isShort ? 0 : instances.length,
        problems: onPage,
        isCommented: hasComment(page, desk.comments),
        isHere: inside.length === 0 && step.page === level.index,
        steps: [...before, step],
      },
      ...instances
        .filter(each => isShort || each.instance === inside[0]?.instance)
        .flatMap(each => entriesIn({ ...step, ...each }, inside, onPage, desk, before)),
    ];
  });
}

type InstanceOn = { repeat: RepeatView; instance: InstanceView };

const instancesOn = (page: Page): InstanceOn[] =>
  repeatsOn(page.items).flatMap(repeat => repeat.instances.value.map(instance => ({ repeat, instance })));

/** An instance, and the pages of the one the person is in. */
function entriesIn(
  step: Step & InstanceOn,
  levels: readonly Level[],
  problems: readonly FillingError[],
  desk: Desk,
  before: readonly Step[],
): Entry[] {
  const { repeat, instance } = step;
  const isInside = (path: string): boolean => path.startsWith(`${instance.path}/`);
  const own = problems.filter(({ view }) => isInside(view.path));
  const steps = [...before, step];
  const pages = instance === levels[0]?.instance ? entriesOf(levels, own, desk, steps) : [];
  const entry: Entry = {
    title: instanceLabel(repeat, instance, desk),
    depth: 2 * before.length + 1,
    nItems: 0,
    problems: own,
    isCommented: Object.keys(desk.comments).some(isInside),
    isHere: pages.length === 1,
    steps,
  };
  return pages.length > 1 ? [entry, ...pages] : [entry];
}

/** What is read first on a page, also within its groups. */
function labelled(views: readonly View[]): View | undefined {
  for (const view of views) {
    if (!view.relevant.value) continue;
    if (view.label.value.trim() !== '') return view;
    const inside = view.kind === 'group' ? labelled(view.children) : undefined;
    if (inside) return inside;
  }
  return undefined;
}

/** A page goes by its group's title; the others of the same group, and those without one, by their first question. */
function titleOfPage(page: Page, index: number, isFirst: boolean, language: string): string {
  const first = labelled(page.items);
  const [item] = page.items;
  const own = item?.kind === 'repeat' ? repeatLabel(item, language) : '';
  const title = isFirst ? page.group?.label.value : '';
  const text = own || title || first?.label.value || page.group?.label.value || String(index + 1);
  return firstLine(text);
}
