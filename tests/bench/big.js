// Bundled and run in a page of ours: opens a compiled form in the engine alone, and times what one call takes.
import * as runtime from '../../forms/runtime.ts';
import { ListRows } from '../../server/phone/src/rows.ts';
import { openFilling } from '../../server/phone/src/filling.ts';

const meta = { instance_id: 'uuid:bench', now: () => new Date() };

/** A filling of the module at an address, and its questions and repeats by name. */
async function open(address) {
  const module = (await import(address)).form(runtime);
  const filling = openFilling(module, { lists: new ListRows(), language: module.default_language, meta });
  const views = Object.fromEntries(filling.root.children.map(view => [view.def.name, view]));
  return { filling, views };
}

function time(act) {
  const from = performance.now();
  act();
  return performance.now() - from;
}

/** Choose a parent; then what the child's list offers is computed, as the page does when it draws it. */
export async function filterChoices(address, parents) {
  const { filling, views } = await open(address);
  return parents.map(parent =>
    time(() => {
      filling.set(views.parent, parent);
      if (views.child.choices.value.length === 0) throw new Error('no choices');
    }),
  );
}

/** Add instances to a repeat that is shown as a list, and give the time of each. */
export async function addInstances(address, count) {
  const { filling, views } = await open(address);
  const times = [];
  const stop = views.item.instances.subscribe(() => undefined);
  for (let left = count; left > 0; left -= 1) times.push(time(() => filling.addRepeat(views.item)));
  stop();
  return times;
}
