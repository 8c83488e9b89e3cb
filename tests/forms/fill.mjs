/** Fills a compiled form at random, as a careless person would, and says what the phone makes of it. */
import * as runtime from '../../forms/runtime.ts';
import { draftOf, openFilling } from '../../server/phone/src/filling.ts';

const TEXTS = ['', '王建军', 'x', '12', '0', '-1', '13912345678', '91320999MA1DEM015B', '＋１２', 'a b', '<b>"\'&', '3.5'];
const NUMBERS = ['', '0', '1', '2', '3', '5', '12', '-1', '1.5', 'many'];
const DECIMALS = ['', '0', '0.5', '10850.00', '1234.56', '3600', '-0.01', '7', '1e3'];
const DATES = ['', '2016-10-15', '2016-02-29', '2015-02-29', '1968-03-15', '2004-06-01', '2017-01-01', '2016-09-30'];
const PHOTO = JSON.stringify({ sha256: '0'.repeat(64), name: 'a.jpg', bytes: 1, type: 'image/jpeg' });

/** mulberry32: the same seed gives the same filling. */
function randomOf(seed) {
  let state = seed;
  return size => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296) * size);
  };
}

function listsOf(tables) {
  const rows = list => tables[list] ?? [];
  return { rows, by: (list, column, value) => rows(list).filter(row => (row[column] ?? '') === value) };
}

function answerFor(view, random) {
  const pick = values => values[random(values.length)] ?? '';
  const { def } = view;
  const names = view.choices.value.map(choice => choice.name);
  if (def.type === 'select_multiple') return names.filter(() => random(3) === 0).join(' ');
  if (def.list !== undefined) return pick(names);
  if (def.type === 'int') return pick(NUMBERS);
  if (def.type === 'decimal') return pick(DECIMALS);
  if (def.type === 'date') return pick(DATES);
  if (def.type === 'geopoint') return pick(['', '33.45 119.82 0 5', '33.45 119.82', '95 0', 'here']);
  if (def.type === 'file') return pick(['', PHOTO]);
  if (def.control === 'trigger') return pick(['', 'OK']);
  return pick(TEXTS);
}

/** All questions and repeats that are relevant now. */
function shown(views) {
  return views.flatMap(view => {
    if (!view.relevant.value) return [];
    if (view.kind === 'question') return view.def.control && !view.readOnly.value ? [view] : [];
    if (view.kind === 'group') return shown(view.children);
    const inside = view.instances.value.flatMap(instance => shown(instance.children));
    return view.isOpen ? [view, ...inside] : inside;
  });
}

function act(filling, random) {
  const all = shown(filling.root.children);
  const view = all[random(all.length)];
  if (view?.kind === 'question') filling.set(view, answerFor(view, random));
  else if (view?.kind === 'repeat') {
    const size = view.instances.value.length;
    if (size > 3 || (size && random(3) === 0)) filling.removeRepeat(view, random(size));
    else filling.addRepeat(view);
  }
}

/** What is missing before the errors are asked for, so that some fillings come near to being complete. */
function complete(filling, random) {
  for (let round = 0; round < 4; round += 1) {
    for (const { view, kind } of filling.errors()) if (kind === 'required') filling.set(view, answerFor(view, random));
  }
}

function report(module, filling, options) {
  const errors = filling.errors().map(({ view, kind }) => `${view.path}:${kind}`);
  const { answers } = filling.serialise();
  const saved = JSON.parse(JSON.stringify(filling.save()));
  const again = openFilling(module, { ...options, saved });
  const corrected = openFilling(module, { ...options, saved: draftOf(module, answers) });
  return {
    answers,
    errors,
    name: filling.instanceName(),
    entities: filling.entities(),
    restored: again.serialise().answers,
    corrected: corrected.serialise().answers,
  };
}

export default async function run({ javascript, tables, subject, now, seeds, steps }) {
  const url = `data:text/javascript;base64,${Buffer.from(javascript).toString('base64')}`;
  const module = (await import(url)).form(runtime);
  return seeds.map(seed => {
    const random = randomOf(seed);
    const meta = { now: () => new Date(now) };
    const options = { lists: listsOf(tables), language: 'zh', meta, ...(subject && { subject }) };
    const filling = openFilling(module, options);
    for (let step = 0; step < steps; step += 1) act(filling, random);
    if (seed % 2) complete(filling, random);
    return report(module, filling, options);
  });
}
