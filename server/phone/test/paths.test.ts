// @vitest-environment jsdom
/** Paths of every shape over the form and its instances: after every step the oracle says what we say. */
import { expect, test } from 'vitest';
import { compileAll, load, open, put, repeat } from './compiled.ts';
import { Oracle, ownState } from './oracle.ts';

const EXPRESSIONS = [
  '/data/g',
  "/data/g != ''",
  'count(/data/g/*)',
  'sum(/data/r/*)',
  "join('-', //x)",
  '/data/@version',
  "instance('it')/root/item[@k='z']/name",
  "instance('it')/root/item/sub/z",
  "instance('deep')/towns/town[name=/data/g/a]/village/name",
  "join(',', instance('deep')/towns/town[name=/data/g/a]/village/@no)",
  "count(instance('deep')/towns/town/village)",
  "instance('deep')//village[@no='3']/name",
  "instance('deep')/towns/town/village[@no=/data/g/b]/../name",
  "max(instance('num')/root/item)",
  "join(' ', randomize(instance('num')/root/item, 42))",
  "join(' ', randomize(instance('it')/root/item/name, 7))",
  '/data/nowhere',
  'count(/data/nowhere/x)',
  "/data/g/a[. = '1']",
  "count(/data/g/a[. = '1'])",
  '/data/r[x > 2][1]/y',
  '/data/r[2]/x',
  'sum(/data/r[position() < 3]/x)',
  '/data/r/x[1]',
  '../g/a',
  '../../data/g/b',
  "instance('it')/root/*[1]/name",
  '/data/*/a',
  'count(/data/r/x[. > 3])',
  "/data/g[a='1']/b",
  "instance('it')/root/item[c > 7]/name",
  "instance('it')/root/item[position() = 2]/c",
  "instance('it')/root/item[starts-with(name, /data/g/b)]/c",
  "instance('it')/root/item[contains(name,'n') and c != 7]/name",
  "join('-', /data/g/*)",
];
const STEPS = [
  ['g/a', '1'],
  ['g/b', '2'],
  ['r[1]/x', '3'],
  ['r[1]/y', '4'],
  ['+', 'r'],
  ['r[2]/x', '5'],
  ['r[2]/y', '6'],
  ['g/a', 'A'],
  ['g/b', 'n'],
] as const;

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
const asked = (path: string): string => `<input ref="${path}"><label>?</label></input>`;
const XFORM = `<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml">
<h:head><h:title>T</h:title><model><instance><data id="t" version="1"><g><a/><b/></g><r><x/><y/></r>
${EXPRESSIONS.map((_, at) => `<q${at}/>`).join('')}</data></instance>
<instance id="it"><root><item><name>n1</name><c>7</c><sub><z>s1</z></sub></item>
<item k="z"><name>n2</name><c>8</c></item></root></instance>
<instance id="deep"><towns><town><name>A</name><village no="1"><name>A1</name></village>
<village no="2"><name>A2</name></village></town>
<town><name>B</name><village no="3"><name>B1</name></village></town></towns></instance>
<instance id="num"><root><item>1</item><item>4</item><item>2</item></root></instance>
<bind nodeset="/data/g/a" type="string"/><bind nodeset="/data/g/b" type="string"/>
<bind nodeset="/data/r/x" type="int"/><bind nodeset="/data/r/y" type="int"/>
${EXPRESSIONS.map((each, at) => `<bind nodeset="/data/q${at}" type="string" calculate="${escaped(each)}"/>`).join('\n')}
</model></h:head><h:body><group ref="/data/g">${asked('/data/g/a')}${asked('/data/g/b')}</group>
<group ref="/data/r"><repeat nodeset="/data/r">${asked('/data/r/x')}${asked('/data/r/y')}</repeat></group>
</h:body></h:html>`;

test('the oracle agrees on every path', async () => {
  const [made] = compileAll([{ xform: XFORM }]);
  const filling = open(await load(made?.javascript ?? ''));
  const oracle = await Oracle.open(XFORM);
  const said = (state: ReturnType<typeof ownState>): string[] =>
    EXPRESSIONS.map((each, at) => `${each} → ${state[`q${at}`]?.value ?? '?'}`);
  for (const [path, text] of STEPS) {
    if (path === '+') {
      oracle.add(text);
      filling.addRepeat(repeat(filling, text));
    } else {
      oracle.put(path, text);
      put(filling, path, text);
    }
    const [own, other] = [said(ownState(filling)), said(oracle.state())];
    expect(own).toEqual(other);
  }
}, 30_000);
