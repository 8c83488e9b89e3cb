/** The table of contents of an open filling: every page, which ones the office wrote about, and a way to finish. */
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { View } from '../filling/types.ts';
import type { Page } from '../pagination.ts';
import { hasComment, isPageShown } from '../pagination.ts';
import { firstLine } from '../markup.ts';
import { Icon, Sheet, Tag } from '../parts.tsx';
import type { Position } from '../position.ts';
import { t } from '../texts/filling.ts';
import { useDesk } from '../widgets/context.ts';
import { repeatLabel } from '../widgets/labels.ts';
import { Window } from '../widgets/Window.tsx';

const BEFORE = 20; // pages before this one that are in the list at once

interface Props {
  position: Position;
  onClose: () => void;
  onFinish: () => void;
}

export function Contents({ position, onClose, onFinish }: Props): JSX.Element {
  const { filling, comments } = useDesk();
  const root = position.levels.value[0];
  const shown = (root?.pages ?? [])
    .map((page, index) => ({ page, index }))
    .filter(({ page }) => isPageShown(page))
    .map((entry, at, all) => ({ ...entry, isFirst: entry.page.group !== all[at - 1]?.page.group }));
  const here = shown.findIndex(({ index }) => index === root?.index);
  useEffect(() => document.querySelector('.sheet [aria-current]')?.scrollIntoView({ block: 'center' }), []);
  const go = (index: number): void => {
    // Leaving an instance by the contents also leaves its place in the history.
    const depth = position.depth.peek();
    if (depth > 0) history.go(-depth);
    position.turnToRoot(index);
    scrollTo(0, 0);
    onClose();
  };
  return (
    <Sheet title={t('contents')} onClose={onClose} tall>
      <Window
        of={shown}
        from={Math.max(0, here - BEFORE)}
        show={({ page, index, isFirst }) => (
          <button
            key={index}
            class="cell"
            type="button"
            aria-current={index === root?.index ? 'step' : undefined}
            onClick={() => go(index)}
          >
            <span class="cell-main">
              <span class="cell-title">{titleOfPage(page, index, isFirst, filling.language.value)}</span>
            </span>
            {hasComment(page, comments) ? <Tag tone="wait">{t('comment_tag')}</Tag> : null}
            {index === root?.index ? <span class="tag tone-info">●</span> : null}
            <Icon name="next" />
          </button>
        )}
      />
      <div class="buttons">
        <button class="button look-main" type="button" onClick={onFinish}>
          {t('finish')}
        </button>
      </div>
    </Sheet>
  );
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
