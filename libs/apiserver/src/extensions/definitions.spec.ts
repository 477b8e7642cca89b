import type { CustomResourceDefinition } from '@kubephant/schema';
import type { View, ViewListener } from '../views/view';
import { newCustomResources, type DefinitionDependencies } from './definitions';
import { gears, gearVersion } from './testing';

type Definition = CustomResourceDefinition;

const definition = (version: object, status: object = {}): Definition =>
  ({ ...gears({ versions: [{ ...gearVersion, ...version }] }), status }) as unknown as Definition;

it('has the store read all objects anew when other fields can be selected by, and for no other change', () => {
  const listeners: ViewListener<Definition>[] = [];
  const view = { onChange: (listener) => void listeners.push(listener) } as View<Definition>;
  const define = jest.fn();
  newCustomResources({ store: { define }, view } as unknown as DefinitionDependencies);
  const change = (before: Definition | undefined, after: Definition | undefined): number => {
    for (const listener of listeners) listener(before, after);
    return define.mock.calls.length;
  };
  const first = definition({});
  const accepted = definition({}, { acceptedNames: { plural: 'gears' } });
  const more = definition({ selectableFields: [{ jsonPath: '.spec.color' }, { jsonPath: '.spec.replicas' }] });
  expect([change(undefined, first), change(first, accepted), change(accepted, more)]).toEqual([1, 1, 2]);
  expect([change(more, undefined), change(undefined, first)]).toEqual([2, 3]);
});
