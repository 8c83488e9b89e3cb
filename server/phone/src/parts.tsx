/** The pieces pages are made of: bars, cells, buttons, sheets, and messages that pass. */
import { signal, useSignal } from '@preact/signals';
import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { route, to } from './route.ts';
import type { FillingText } from './texts/filling.ts';
import { t } from './texts/filling.ts';

export type Tone = 'plain' | 'wait' | 'good' | 'bad' | 'info';

const ICONS: Record<string, string> = {
  today: 'M4 5h16v15H4zM4 10h16M9 3v4M15 3v4',
  find: 'M11 4a7 7 0 1 0 0 14a7 7 0 1 0 0-14M16.2 16.2 21 21',
  scan: 'M4 8V4h4M16 4h4v4M20 16v4h-4M8 20H4v-4M4 12h16',
  outbox: 'M4 13v6h16v-6M12 15V4M7.5 8.5 12 4l4.5 4.5',
  me: 'M12 4a4 4 0 1 0 0 8a4 4 0 1 0 0-8M4 21c0-4.5 3.5-7 8-7s8 2.5 8 7',
  back: 'M15 4 7 12l8 8',
  next: 'm9 5 7 7-7 7',
  up: 'm5 15 7-7 7 7',
  down: 'm5 9 7 7 7-7',
  close: 'M5 5l14 14M19 5 5 19',
  list: 'M4 6h16M4 12h16M4 18h16',
  check: 'm5 12.5 4.5 4.5L19 7.5',
  photo: 'M4 7h4l2-2.5h4L16 7h4v12H4zM12 9.5a3.5 3.5 0 1 0 0 7a3.5 3.5 0 1 0 0-7',
  attach:
    'M19 11l-7.5 7.5a4.5 4.5 0 0 1-6.4-6.4L13 4.3a3 3 0 0 1 4.3 4.3l-7.8 7.7a1.5 1.5 0 0 1-2.1-2.1L14 7.6',
  mic: 'M12 3a3 3 0 0 0-3 3v5a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3M6 11a6 6 0 0 0 12 0M12 17v4M8.5 21h7',
  play: 'M8 5v14l11-7z',
  place: 'M12 21s-7-6.5-7-11.5a7 7 0 0 1 14 0C19 14.5 12 21 12 21M12 7a2.5 2.5 0 1 0 0 5a2.5 2.5 0 1 0 0-5',
  sync: 'M20 11a8 8 0 0 0-14-4.5L4 8.5M4 4v4.5h4.5M4 13a8 8 0 0 0 14 4.5l2-2M20 20v-4.5h-4.5',
};

export function Icon({ name }: { name: string }): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={ICONS[name] ?? ''} />
    </svg>
  );
}

export function Screen(props: {
  title: string;
  back?: boolean;
  right?: ComponentChildren;
  /** Stays with the title while the page scrolls. */
  below?: ComponentChildren;
  children: ComponentChildren;
}): JSX.Element {
  return (
    <div class="screen">
      <header class="bar">
        {props.back ? (
          <button class="bar-button" type="button" aria-label={t('back')} onClick={() => history.back()}>
            <Icon name="back" />
          </button>
        ) : (
          <span class="bar-side" />
        )}
        <h1 class="bar-title">{props.title}</h1>
        <span class="bar-side">{props.right}</span>
        {props.below}
      </header>
      <main class="content">{props.children}</main>
    </div>
  );
}

const TABS: readonly FillingText[] = ['today', 'find', 'scan', 'outbox', 'me'];

export function TabBar({ badges }: { badges: Record<string, number> }): JSX.Element {
  const here = route.value.page === 'record' ? 'outbox' : route.value.page;
  return (
    <nav class="tabs">
      {TABS.map(tab => (
        <a key={tab} class="tab" href={to(tab)} aria-current={tab === here ? 'page' : undefined}>
          <Icon name={tab} />
          <span>{t(tab)}</span>
          {badges[tab] ? <b class="badge">{badges[tab]}</b> : null}
        </a>
      ))}
    </nav>
  );
}

export function Section(props: { title?: string; children: ComponentChildren }): JSX.Element {
  return (
    <section class="section">
      {props.title ? <h2 class="section-title">{props.title}</h2> : null}
      <div class="cells">{props.children}</div>
    </section>
  );
}

export function Cell(props: {
  title: ComponentChildren;
  note?: ComponentChildren;
  side?: ComponentChildren;
  href?: string | undefined;
  onClick?: (() => void) | undefined;
  tone?: Tone;
  /** The side holds buttons, which go below the title where there is no room. */
  isWide?: boolean;
}): JSX.Element {
  const inside = (
    <>
      <span class="cell-main">
        <span class="cell-title">{props.title}</span>
        {props.note ? <span class="cell-note">{props.note}</span> : null}
      </span>
      {props.side ? <span class="cell-side">{props.side}</span> : null}
      {props.href !== undefined || props.onClick ? <Icon name="next" /> : null}
    </>
  );
  const look = `cell${props.tone ? ` tone-${props.tone}` : ''}${props.isWide ? ' is-wide' : ''}`;
  if (props.href !== undefined) {
    return (
      <a class={look} href={props.href}>
        {inside}
      </a>
    );
  }
  if (props.onClick) {
    return (
      <button class={look} type="button" onClick={props.onClick}>
        {inside}
      </button>
    );
  }
  return <div class={look}>{inside}</div>;
}

/** The first of many things and a button for more: thousands of cells at once would freeze the page. */
export function Many<T>(props: {
  of: readonly T[];
  first: number;
  show: (item: T, at: number) => JSX.Element;
}): JSX.Element {
  const n = useSignal(props.first);
  return (
    <>
      {props.of.slice(0, n.value).map(props.show)}
      {props.of.length > n.value ? (
        <button class="cell more" type="button" onClick={() => (n.value += props.first)}>
          {t('show_more')}
        </button>
      ) : null}
    </>
  );
}

export function Tag({ tone, children }: { tone: Tone; children: ComponentChildren }): JSX.Element {
  return <span class={`tag tone-${tone}`}>{children}</span>;
}

export function Banner(props: {
  tone: Tone;
  children: ComponentChildren;
  action?: ComponentChildren;
}): JSX.Element {
  return (
    <div class={`banner tone-${props.tone}`} role="status">
      <span>{props.children}</span>
      {props.action}
    </div>
  );
}

export function Button(props: {
  children: ComponentChildren;
  onClick?: () => void;
  look?: 'main' | 'plain' | 'danger';
  type?: 'button' | 'submit';
  disabled?: boolean;
}): JSX.Element {
  return (
    <button
      class={`button look-${props.look ?? 'plain'}`}
      type={props.type ?? 'button'}
      disabled={props.disabled ?? false}
      onClick={props.onClick}
    >
      {props.children}
    </button>
  );
}

export function Empty({ children }: { children: ComponentChildren }): JSX.Element {
  return <p class="empty">{children}</p>;
}

/** A panel from below, over the page; the system's back gesture is left to the page. */
export function Sheet(props: {
  title: string;
  onClose: () => void;
  children: ComponentChildren;
  tall?: boolean;
}): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const opener = document.activeElement;
    const shown = dialog.current;
    if (shown && !shown.open) {
      if (typeof shown.showModal === 'function') shown.showModal();
      else shown.setAttribute('open', '');
    }
    return () => opener instanceof HTMLElement && opener.focus({ preventScroll: true });
  }, []);
  const closeOutside = (event: MouseEvent): void => {
    if (event.target === dialog.current) props.onClose();
  };
  return (
    <dialog
      ref={dialog}
      class={`sheet${props.tall ? ' tall' : ''}`}
      aria-label={props.title}
      onClick={closeOutside}
      onCancel={props.onClose}
    >
      <div class="sheet-body">
        <header class="sheet-bar">
          <h2>{props.title}</h2>
          <button class="bar-button" type="button" aria-label={t('close')} onClick={props.onClose}>
            <Icon name="close" />
          </button>
        </header>
        {props.children}
      </div>
    </dialog>
  );
}

interface Passing {
  text: string;
  undo?: () => void;
}

const passing = signal<Passing | null>(null);
let passes: ReturnType<typeof setTimeout> | undefined;

/** Show a message for a few seconds, with an undo where the act can be taken back. */
export function say(text: string, undo?: () => void): void {
  clearTimeout(passes);
  passing.value = undo ? { text, undo } : { text };
  passes = setTimeout(() => (passing.value = null), undo ? 8000 : 3000);
}

/** Take the message away: what it would undo can't be undone any more. */
export const hush = (): void => void (passing.value = null);

export function Toast(): JSX.Element | null {
  const message = passing.value;
  if (message === null) return null;
  const undo = (): void => {
    message.undo?.();
    passing.value = null;
  };
  return (
    <div class="toast" role="status">
      <span>{message.text}</span>
      {message.undo ? (
        <button type="button" onClick={undo}>
          {t('undo')}
        </button>
      ) : null}
    </div>
  );
}
