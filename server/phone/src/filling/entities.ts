/** What the entities of a form write, for showing a row made on this phone before the server knows it. */
import type { EntityDef } from './form.ts';
import type { Instance } from './scopes.ts';
import type { EntityWrite } from './types.ts';

export function entitiesOf(root: Instance): EntityWrite[] {
  return root.world.form.module.entities.flatMap(entity =>
    root
      .below(entity.container)
      .filter(at => at.isRelevant(entity.container))
      .flatMap(at => write(entity, at) ?? []),
  );
}

function write(entity: EntityDef, at: Instance): EntityWrite | null {
  const kind = kindOf(entity, at);
  if (!kind) return null;
  const data: Record<string, string> = {};
  for (const [property, node] of Object.entries(entity.save_to)) {
    const text = at.textOf(node);
    if (text !== '') data[property] = text;
  }
  const path = at.prefix().slice(0, -1);
  const entity_id = entity.entity_id?.(at) ?? '';
  return { list_name: entity.list_name, entity_id, kind, label: entity.label?.(at) ?? '', data, path };
}

function kindOf(entity: EntityDef, at: Instance): EntityWrite['kind'] | null {
  if (entity.update_if?.(at)) return 'update';
  if (entity.create_if) return entity.create_if(at) ? 'create' : null;
  if (entity.update_if) return null;
  return entity.entity_id ? 'update' : 'create';
}
