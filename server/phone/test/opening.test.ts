/** What happens when a filling opens: instances that the form brings along, actions at the first time and at each. */
import { describe, expect, test } from 'vitest';
import type { Filling, FormModule } from '../src/filling.ts';
import { compileAll, load, NOON, open, put, repeat, seen } from './compiled.ts';

const asked = (path: string): string => `<input ref="${path}"><label>?</label></input>`;

async function moduleOf(instance: string, model: string, body: string): Promise<FormModule> {
  const xform = `<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"
 xmlns:jr="http://openrosa.org/javarosa"><h:head><h:title>T</h:title><model>
<instance><data id="t" version="1">${instance}</data></instance>${model}</model></h:head>
<h:body>${body}</h:body></h:html>`;
  const [made] = compileAll([{ xform }]);
  return load(made?.javascript ?? '');
}

const COUNTRIES = `<group ref="/data/r"><repeat nodeset="/data/r">${asked('/data/r/name')}${asked('/data/r/n')}</repeat></group>`;
const names = (filling: Filling, size: number): string[] =>
  Array.from(
    { length: size },
    (_, at) => `${seen(filling, `r[${at + 1}]/name`)} ${seen(filling, `r[${at + 1}]/n`)}`,
  );

describe('instances that the form brings along', () => {
  test('are there, each with its own answers', async () => {
    const module = await moduleOf(
      '<r jr:template=""><name>?</name><n>1</n></r><r><name>东村</name><n>1</n></r><r><name>西村</name><n/></r>',
      '',
      COUNTRIES,
    );
    const filling = open(module);
    expect(repeat(filling, 'r').instances.value).toHaveLength(2);
    expect(names(filling, 2)).toEqual(['东村 1', '西村 ']);
    filling.addRepeat(repeat(filling, 'r'));
    expect(names(filling, 3)).toEqual(['东村 1', '西村 ', '? 1']);
  });

  test('are none where there is only the template', async () => {
    const filling = open(await moduleOf('<r jr:template=""><name/><n/></r>', '', COUNTRIES));
    expect(repeat(filling, 'r').instances.value).toHaveLength(0);
  });
});

describe('actions', () => {
  const opened = async (): Promise<FormModule> =>
    moduleOf(
      '<first/><each/><shown/>',
      `<setvalue event="odk-instance-first-load" ref="/data/first" value="now()"/>
<setvalue event="odk-instance-load" ref="/data/each" value="now()"/>`,
      asked('/data/first') + asked('/data/each') + asked('/data/shown'),
    );

  test('run at the first opening, or at each', async () => {
    const module = await opened();
    const filling = open(module);
    const [first, each] = [seen(filling, 'first'), seen(filling, 'each')];
    expect(first).not.toBe('');
    expect(each).toBe(first);
    put(filling, 'shown', 'x');
    const later = { now: () => new Date(NOON.getTime() + 3_600_000) };
    const again = open(module, { saved: filling.save(), meta: later });
    expect(seen(again, 'first')).toBe(first);
    expect(seen(again, 'each')).not.toBe(each);
  });

  test('leave alone what is only looked at', async () => {
    const module = await opened();
    const filling = open(module);
    const later = { now: () => new Date(NOON.getTime() + 3_600_000) };
    const read = open(module, { saved: filling.save(), meta: later, isRead: true });
    expect(seen(read, 'each')).toBe(seen(filling, 'each'));
  });

  test('run for each of several triggers', async () => {
    const [made] = compileAll([
      {
        form: `
| survey |
| | type | name | label | calculation | trigger |
| | text | a | A | | |
| | begin_repeat | m | M | | |
| | text | b | B | | |
| | text | c | C | concat(\${a}, \${b}, '!') | \${a}, \${b} |
| | end_repeat | | | | |`.split('\n'),
      },
    ]);
    const filling = open(await load(made?.javascript ?? ''));
    put(filling, 'm[2]/b', '2');
    expect([seen(filling, 'm[1]/c'), seen(filling, 'm[2]/c')]).toEqual(['', '2!']);
    put(filling, 'a', 'x');
    expect([seen(filling, 'm[1]/c'), seen(filling, 'm[2]/c')]).toEqual(['x!', 'x2!']);
  });
});

test('a repeat within a repeat begins with one instance, in each of those around it', async () => {
  const [made] = compileAll([
    {
      form: `
| survey |
| | type | name | label |
| | begin_repeat | house | House |
| | begin_repeat | person | Person |
| | text | called | Name |
| | end_repeat | | |
| | end_repeat | | |`.split('\n'),
    },
  ]);
  const filling = open(await load(made?.javascript ?? ''));
  filling.addRepeat(repeat(filling, 'house'));
  const sizes = ['house[1]/person', 'house[2]/person'].map(
    path => repeat(filling, path).instances.value.length,
  );
  expect(sizes).toEqual([1, 1]);
});
