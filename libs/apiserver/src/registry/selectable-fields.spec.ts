import { newRig } from './testing/rig';

const unknown = (path: string): string =>
  `"${path}" is not a known field selector: only "metadata.name", "metadata.namespace"`;

describe('a field that cannot be selected', () => {
  it.each([
    ['/api/v1/pods', 'metadata.uid', 'field label not supported: metadata.uid'],
    ['/api/v1/persistentvolumeclaims', 'status.phase', unknown('status.phase')],
    ['/apis/apps/v1/statefulsets', 'status.replicas', unknown('status.replicas')],
    ['/apis/batch/v1/jobs', 'status.active', 'field label "status.active" not supported for Job'],
    ['/apis/batch/v1/cronjobs', 'spec.suspend', unknown('spec.suspend')],
    ['/apis/events.k8s.io/v1/events', 'note', 'field label not supported: note'],
    [
      '/apis/certificates.k8s.io/v1/certificatesigningrequests',
      'spec.username',
      'field label not supported: spec.username',
    ],
    ['/apis/networking.k8s.io/v1/ipaddresses', 'spec.parentRef.name', unknown('spec.parentRef.name')],
    [
      '/apis/resource.k8s.io/v1/resourceslices',
      'spec.pool',
      'field label not supported for resource.k8s.io/v1, Kind=ResourceSlice: spec.pool',
    ],
    ['/apis/rbac.authorization.k8s.io/v1/clusterroles', 'rules', unknown('rules')],
    ['/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas', 'spec.x', unknown('spec.x')],
  ])('of %s: %s', async (path, field, message) => {
    const { body } = await newRig().ask(`GET ${path}?fieldSelector=${field}%3Dx`);
    expect(body).toMatchObject({ code: 400, reason: 'BadRequest', message });
  });
});
