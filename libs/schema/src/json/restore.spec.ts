import { schemas } from '../registry';
import { restoreProblem } from './restore';

describe('what the converter of untyped objects says', () => {
  it.each([
    ['io.k8s.api.core.v1.ConfigMap', { data: 'x' }, 'cannot restore map from string'],
    ['io.k8s.api.core.v1.Pod', { spec: 'x' }, 'cannot restore struct from: string'],
    ['io.k8s.api.core.v1.Pod', { spec: [] }, 'cannot restore struct from: slice'],
    ['io.k8s.api.core.v1.Pod', { spec: { containers: {} } }, 'cannot restore slice from map'],
    ['io.k8s.api.core.v1.Pod', { spec: { containers: [{ name: 'a', tty: 'yes' }] } }, 'unrecognized type: bool'],
    ['io.k8s.api.apps.v1.Deployment', { spec: { replicas: 'two' } }, 'unrecognized type: int32'],
    ['io.k8s.api.apps.v1.Deployment', { spec: { replicas: 1.5 } }, 'cannot convert float64 to int32'],
    ['io.k8s.api.core.v1.ConfigMap', { data: { size: 2 } }, 'cannot convert int64 to string'],
    ['io.k8s.api.core.v1.ConfigMap', { data: { size: 2.5 } }, 'unrecognized type: string'],
    ['io.k8s.api.apps.v1.Deployment', { spec: { replicas: 2 }, metadata: null }, undefined],
  ])('%s %j: %s', (name, value, problem) => {
    expect(restoreProblem(schemas.get(name), value)).toBe(problem);
  });
});
