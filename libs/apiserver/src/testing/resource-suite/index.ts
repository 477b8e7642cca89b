import { apiVersionOf } from '@kubephant/api';
import type { ResourceDefinition } from '@kubephant/resources';
import type { TestServer } from '../server';
import { applied } from './applying';
import { binary } from './binary';
import { creating } from './creating';
import { inapplicable } from './inapplicable';
import { reading } from './reading';
import { removing, removingMany } from './removing';
import { scaling } from './scaling';
import { splitting } from './status';
import { newSubject, type Subject } from './subject';
import { updating } from './updating';

/** What every row promises its clients, asked of a whole API server; a row without an example fails. */
export function servedResourceSuite(server: () => TestServer, row: ResourceDefinition): void {
  describe(`${row.names.plural} of ${apiVersionOf(row.group, row.version)}`, () => {
    let current: Subject;
    const subject = (): Subject => current;
    beforeEach(() => {
      current = newSubject(server(), row);
    });
    afterEach(() => current.gone());
    creating(subject);
    updating(subject);
    applied(subject);
    reading(subject);
    binary(subject);
    removing(subject);
    const left = inapplicable(row);
    if (!left.has('status')) splitting(subject);
    if (!left.has('scale')) scaling(subject);
    if (!left.has('deletecollection')) removingMany(subject);
  });
}
