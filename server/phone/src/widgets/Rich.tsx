/** Text of a form on the page: headings, lists, emphasis and links as elements, everything else as text. */
import type { ComponentChildren, JSX } from 'preact';
import type { Inline } from '../markup.ts';
import { linesOf } from '../markup.ts';

interface Props {
  text: string;
  /** What stands after its last word. */
  end?: ComponentChildren;
}

export function Rich({ text, end }: Props): JSX.Element {
  const lines = linesOf(text) ?? [{ kind: 'text', mark: '', parts: [text] } as const];
  const [only] = lines;
  if (lines.length === 1 && only?.kind === 'text') {
    return (
      <>
        <Parts parts={only.parts} />
        {end}
      </>
    );
  }
  return (
    <>
      {lines.map((line, at) => (
        <span key={at} class={`line is-${line.kind}`}>
          {line.mark === '' ? null : <span class="line-mark">{line.mark}</span>}
          <span>
            <Parts parts={line.parts} />
            {at === lines.length - 1 ? end : null}
          </span>
        </span>
      ))}
    </>
  );
}

function Parts({ parts }: { parts: readonly Inline[] }): JSX.Element {
  return <>{parts.map((part, at) => (typeof part === 'string' ? part : <Marked key={at} part={part} />))}</>;
}

function Marked({ part }: { part: Exclude<Inline, string> }): JSX.Element {
  const inside = <Parts parts={part.parts} />;
  if (part.kind === 'link') {
    return (
      <a class="rich-link" href={part.href} target="_blank" rel="noopener noreferrer">
        {inside}
      </a>
    );
  }
  if (part.kind === 'strong') return <b>{inside}</b>;
  return part.kind === 'em' ? <em>{inside}</em> : <u>{inside}</u>;
}
