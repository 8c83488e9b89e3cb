import { expect, test } from 'vitest';
import { initialsOf } from '../src/initials.ts';
import { finderOf } from '../src/widgets/finder.ts';

test.each([
  ['溱东镇', 'qdz'],
  ['王建国', 'wjg'],
  ['啊八擦大鹅飞高黑', 'abcdefgh'],
  ['鸡开来马年欧跑去人', 'jklmnopqr'],
  ['三天我西一在', 'stwxyz'],
  ['李四 2组', 'ls 2z'],
])('the initials of %s are %s', (text, initials) => expect(initialsOf(text)).toBe(initials));

const choices = [
  { name: 'v1', label: '青龙村', row: {} },
  { name: 'v2', label: '**清水**村', row: {} },
  { name: 'v3', label: 'Upper Village', row: {} },
  { name: 'v4', label: '单家庄', row: { pinyin: 'sjz shanjiazhuang' } },
];
const found = (wanted: string): string[] => finderOf(choices)(wanted).map(choice => choice.name);

test.each([
  ['青', ['v1']],
  ['qsc', ['v2']],
  ['QLC', ['v1']],
  ["q'l", ['v1']],
  ['清水村', ['v2']],
  ['ｖ３', ['v3']],
  ['upper v', ['v3']],
  ['sjz', ['v4']],
  ['', ['v1', 'v2', 'v3', 'v4']],
  ['没有', []],
])('searching %s finds %j', (wanted, names) => expect(found(wanted)).toEqual(names));
