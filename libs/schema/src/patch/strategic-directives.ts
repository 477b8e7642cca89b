import { StatusError } from '@kubephant/api';

export const directive = '$patch';
export const retain = '$retainKeys';
export const order = '$setElementOrder/';
export const deletion = '$deleteFromPrimitiveList/';

/** Whether a key of a patch speaks of the list of that name and is no field itself. */
export const isDirective = (key: string): boolean => key.startsWith(order) || key.startsWith(deletion);

/** Most failures of strategic merge reach the client as a 500 with a message and nothing else. */
export const plainError = (message: string): StatusError => new StatusError('', message);
