import { changedObject, newObject } from '../testing';
import { csiDrivers } from './csidrivers';

const driver = (spec: object) => ({ metadata: { name: 'disks.example.com' }, spec: { ...spec } });

describe('a CSI driver', () => {
  it('gets a generation only when its specification changes', () => {
    const old = newObject(csiDrivers, driver({}));
    const same = changedObject(csiDrivers, old, driver({}));
    const other = changedObject(csiDrivers, old, driver({ requiresRepublish: true }));
    const again = changedObject(csiDrivers, other, driver({ requiresRepublish: false }));
    expect([old, same, other, again].map(({ metadata }) => metadata.generation)).toEqual([undefined, undefined, 1, 2]);
  });

  it('has no fields of features that are off', () => {
    const made = newObject(csiDrivers, driver({ preventPodSchedulingIfMissing: true }));
    expect(made).not.toHaveProperty('spec.preventPodSchedulingIfMissing');
  });
});
