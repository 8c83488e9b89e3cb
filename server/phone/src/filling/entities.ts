/** What the entities of a form write, for showing a row made on this phone before the server knows it. */
import type { EntityDef } from './form.ts';
import type { Instance } from './scopes.ts';
import type { EntityWrite } from './types.ts';

type Kind = EntityWrite['kind'];

export function entitiesOf(root: Instance): EntityWrite[] {
  const { entities } = root.world.form.module;
  return entities.flatMap(entity => [...writes(entity, root, 'create'), ...writes(entity, root, 'update')]);
}

/** An entity that is created and updated is written twice: whoever applies it knows which row is there. */
function writes(entity: EntityDef, root: Instance, kind: Kind): EntityWrite[] {
  const condition = kind === 'create' ? entity.create_if : entity.update_if;
  if (!condition) return [];
  const instances = root.below(entity.container).filter(at => at.isRelevant(entity.container));
  return instances.filter(at => condition(at)).flatMap(at => write(entity, at, kind) ?? []);
}

function write(entity: EntityDef, at: Instance, kind: Kind): EntityWrite | null {
  const entity_id = entity.entity_id?.(at) ?? '';
  if (kind === 'update' && entity_id === '') return null;
  const asked = Object.entries(entity.save_to).filter(([, node]) => at.holder(node)?.isRelevant(node));
  const texts = asked.map(([property, node]) => [property, at.textOf(node)] as const);
  // An empty text clears a property, which only an update can.
  const data = Object.fromEntries(texts.filter(([, text]) => text !== '' || kind === 'update'));
  const path = at.prefix().slice(0, -1);
  return { list_name: entity.list_name, entity_id, kind, label: entity.label?.(at) ?? '', data, path };
}
