import type { Client } from '@kubephant/client';
import { pods } from '@kubephant/client';
import type { SchedulerPlugin } from '../../framework/interfaces';

/** Binds through the API: `POST pods/NAME/binding`, for exactly the pod that was decided about. */
export function defaultBinder(client: Client): SchedulerPlugin {
  return {
    name: 'DefaultBinder',
    async bind({ metadata: { name, namespace, uid } }, nodeName, signal) {
      const binding = {
        apiVersion: 'v1',
        kind: 'Binding',
        metadata: { name, namespace, uid },
        target: { apiVersion: 'v1', kind: 'Node', name: nodeName },
      };
      await client.resource(pods).post({ name, namespace }, 'binding', binding, signal);
    },
  };
}
