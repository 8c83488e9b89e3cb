/** Text of a form as authors mark it up: markdown, and the few HTML tags that other clients read, as a tree.
 *
 * Nothing here becomes HTML: whoever draws the tree makes elements of it, and a tag that isn't known stays text.
 */

export type Inline =
  | string
  | { readonly kind: 'strong' | 'em' | 'u'; readonly parts: readonly Inline[] }
  | { readonly kind: 'link'; readonly href: string; readonly parts: readonly Inline[] };

export interface Line {
  readonly kind: 'text' | 'head' | 'item';
  /** What stands before an item: a dot or its number. */
  readonly mark: string;
  readonly parts: readonly Inline[];
}

const MARKED = /[*_<[\n\\&#]|^\s*(?:[-+]|\d+[.)])\s/;
const HEAD = /^\s{0,3}#{1,6}(?:\s+(.*?)\s*#*)?\s*$/;
const ITEM = /^\s*(?:[-*+•]|(\d{1,3}[.)]))\s+(.*)$/;
const SAFE_LINK = /^(?:https?:\/\/|mailto:|tel:)/i;
const BREAK = /<[bh]r(?:\s[^<>]*)?\/?>|<\/(?:p|div|h[1-6]|li|center)>\s*/gi;
const TAG = /^<(\/?)([a-z][a-z0-9]*)(?:\s[^<>]*)?\/?>/i;
const LINK = /^\[([^\]\n]+)\]\(\s*<?([^\s)>]+)>?(?:\s+"[^"]*")?\s*\)/;
const ENTITY = /^&(?:#(\d{1,6})|#x([0-9a-f]{1,5})|([a-z]{2,6}));/i;
const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00a0',
};
const TAGS: Readonly<Record<string, 'strong' | 'em' | 'u'>> = {
  b: 'strong',
  strong: 'strong',
  i: 'em',
  em: 'em',
  u: 'u',
};
/** Their look is left out: colours of an author's page may not be seen on a dark one. */
const DROPPED = new Set(
  'span font p div big small center h1 h2 h3 h4 h5 h6 ul ol li sub sup mark tt'.split(' '),
);
const DEEPEST = 8;

/** Cut a text into lines; null when nothing in it is marked up, which is by far the commonest. */
export function linesOf(text: string): Line[] | null {
  if (!MARKED.test(text)) return null;
  return text.replace(BREAK, '\n').replace(/\n+$/, '').split('\n').map(lineOf);
}

function lineOf(text: string): Line {
  const head = HEAD.exec(text);
  if (head) return { kind: 'head', mark: '', parts: inline(head[1] ?? '') };
  const item = ITEM.exec(text);
  if (item) return { kind: 'item', mark: item[1] ?? '•', parts: inline(item[2] ?? '') };
  return { kind: 'text', mark: '', parts: inline(text) };
}

/** The same text without any mark, for titles and lists. */
export function plain(text: string): string {
  const lines = linesOf(text);
  return lines === null ? text : lines.map(line => `${line.mark} ${flat(line.parts)}`.trim()).join('\n');
}

/** Its first line with words in it. */
export const firstLine = (text: string): string =>
  plain(text)
    .split('\n')
    .map(line => line.trim())
    .find(line => line !== '') ?? '';

const flat = (parts: readonly Inline[]): string =>
  parts.map(part => (typeof part === 'string' ? part : flat(part.parts))).join('');

function inline(text: string, depth = 0): Inline[] {
  const parts: Inline[] = [];
  let said = '';
  const put = (part: Inline): void => {
    if (said !== '') parts.push(said);
    said = '';
    parts.push(part);
  };
  for (let at = 0; at < text.length;) {
    const found = depth < DEEPEST ? markAt(text, at, depth) : null;
    if (found === null) said += text[at++] ?? '';
    else {
      if (typeof found.part === 'string') said += found.part;
      else put(found.part);
      at += found.length;
    }
  }
  if (said !== '') parts.push(said);
  return parts;
}

interface Found {
  readonly part: Inline;
  readonly length: number;
}

function markAt(text: string, at: number, depth: number): Found | null {
  const sign = text[at];
  if (sign === '\\') {
    const next = text[at + 1] ?? '';
    return /[*_<>#[\]\\]/.test(next) ? { part: next, length: 2 } : null;
  }
  if (sign === '*' || sign === '_') return emphasisAt(text, at, sign, depth);
  if (sign === '[') return linkAt(text.slice(at), depth);
  if (sign === '<') return tagAt(text.slice(at), depth);
  return sign === '&' ? entityAt(text.slice(at)) : null;
}

const isWordSign = (sign: string | undefined): boolean => sign !== undefined && /[0-9A-Za-z]/.test(sign);

/** `**strong**` or `*em*`; inside a word or a product such as 2*3*4 the sign is just a sign. */
function emphasisAt(text: string, at: number, sign: string, depth: number): Found | null {
  if (isWordSign(text[at - 1])) return null;
  for (const width of [2, 1]) {
    const mark = sign.repeat(width);
    if (!text.startsWith(mark, at) || /^\s?$/.test(text[at + width] ?? '')) continue;
    const end = closingAt(text, at + width, mark);
    if (end < 0) continue;
    const parts = inline(text.slice(at + width, end), depth + 1);
    return { part: { kind: width === 2 ? 'strong' : 'em', parts }, length: end + width - at };
  }
  return null;
}

/** Where the mark closes: after something that is no space; an underscore only at the end of a word. */
function closingAt(text: string, from: number, mark: string): number {
  for (let end = text.indexOf(mark, from + 1); end >= 0; end = text.indexOf(mark, end + 1)) {
    while (mark.length === 2 && text[end + 2] === mark[0]) end += 1;
    const isDouble = mark.length === 1 && text[end + 1] === mark;
    if (isDouble) {
      end += 1;
      continue;
    }
    if (/\s/.test(text[end - 1] ?? ' ')) continue;
    if (mark[0] === '_' && isWordSign(text[end + mark.length])) continue;
    return end;
  }
  return -1;
}

function linkAt(rest: string, depth: number): Found | null {
  const found = LINK.exec(rest);
  if (!found) return null;
  const [whole, words = '', href = ''] = found;
  const parts = inline(words, depth + 1);
  // An address that is none of these could run something: its words stay, the link doesn't.
  if (!SAFE_LINK.test(href)) return { part: flat(parts), length: whole.length };
  return { part: { kind: 'link', href, parts }, length: whole.length };
}

function tagAt(rest: string, depth: number): Found | null {
  const found = TAG.exec(rest);
  if (!found) return null;
  const [whole, slash, tag = ''] = found;
  const name = tag.toLowerCase();
  const kind = TAGS[name];
  if (DROPPED.has(name) || (kind && slash)) return { part: '', length: whole.length };
  if (!kind) return null;
  const end = rest.toLowerCase().indexOf(`</${name}>`, whole.length);
  const inside = end < 0 ? rest.slice(whole.length) : rest.slice(whole.length, end);
  const length = end < 0 ? rest.length : end + name.length + 3;
  return { part: { kind, parts: inline(inside, depth + 1) }, length };
}

function entityAt(rest: string): Found | null {
  const found = ENTITY.exec(rest);
  if (!found) return null;
  const [whole, decimal, hexadecimal, name] = found;
  const code = decimal ? Number(decimal) : hexadecimal ? parseInt(hexadecimal, 16) : 0;
  const sign = name ? ENTITIES[name.toLowerCase()] : code > 31 ? String.fromCodePoint(code) : undefined;
  return sign === undefined ? null : { part: sign, length: whole.length };
}
