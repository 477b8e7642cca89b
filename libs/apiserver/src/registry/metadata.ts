import { randomUUID } from 'node:crypto';
import { badRequest, type KubeObject, timestamp } from '@kubephant/api';
import type { Resource } from './resource';

const suffixAlphabet = 'bcdfghjklmnpqrstvwxz2456789';
const suffixLength = 5;
const longestGenerated = 63;

/** Five characters that spell nothing. They need not be hard to guess: a name is no secret. */
export function randomSuffix(): string {
  let suffix = '';
  while (suffix.length < suffixLength) suffix += suffixAlphabet.charAt(Math.random() * suffixAlphabet.length);
  return suffix;
}

/** A name that begins with `generateName`, cut so that it fits a DNS label. */
export const generatedName = (generateName: string): string =>
  `${generateName.slice(0, longestGenerated - suffixLength)}${randomSuffix()}`;

/** The namespace of the URL is the object's; BadRequest when the body says another. Cluster scope has none. */
export function placeInNamespace(resource: Resource, obj: KubeObject, namespace: string | undefined): void {
  const { metadata } = obj;
  checkNamespace(resource, obj, namespace);
  if (resource.namespaced) metadata.namespace = namespace ?? '';
  else delete metadata.namespace;
}

/** BadRequest when the body says another namespace than the URL; cluster-wide things may say any. */
export function checkNamespace(
  { namespaced }: Resource,
  { metadata }: KubeObject,
  namespace: string | undefined,
): void {
  if (namespaced && metadata.namespace && metadata.namespace !== namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
}

export const unnamed = (name: string): Error =>
  badRequest(`the name of the object (${name} based on URL) was undeterminable: name must be provided`);

/** The name of the URL is the object's; BadRequest when the body says another or none. */
export function checkName(obj: KubeObject, name: string): void {
  const { name: given } = obj.metadata;
  if (!given) throw unnamed(name);
  if (given !== name)
    throw badRequest(`the name of the object (${given}) does not match the name on the URL (${name})`);
}

type Transient = KubeObject['metadata'] & { selfLink?: string };

/** Gives a new object what only the server gives, but for its name: identity and times. Whatever the client sent of it is dropped. */
export function fillNew(obj: KubeObject, now: Date): void {
  const metadata: Transient = obj.metadata;
  metadata.uid = randomUUID();
  metadata.creationTimestamp = timestamp(now);
  delete metadata.deletionTimestamp;
  delete metadata.deletionGracePeriodSeconds;
  delete metadata.selfLink;
}

/** A new object that was given only the beginning of a name gets the rest. */
export function fillName({ metadata }: KubeObject): void {
  if (!metadata.name && metadata.generateName) metadata.name = generatedName(metadata.generateName);
}

/**
 * Carries over what an update cannot change and clients may leave out. A change of it that is left in place is for
 * validation to refuse.
 */
export function carryOver(obj: KubeObject, old: KubeObject): void {
  const metadata: Transient = obj.metadata;
  const { uid, creationTimestamp, deletionTimestamp, deletionGracePeriodSeconds, generation } = old.metadata;
  delete metadata.selfLink;
  if (!metadata.uid) metadata.uid = uid;
  setOrDelete(metadata, 'creationTimestamp', creationTimestamp);
  setOrDelete(metadata, 'generation', generation);
  if (deletionTimestamp !== undefined) metadata.deletionTimestamp = deletionTimestamp;
  if (deletionGracePeriodSeconds !== undefined) metadata.deletionGracePeriodSeconds ??= deletionGracePeriodSeconds;
}

function setOrDelete<K extends 'creationTimestamp' | 'generation'>(
  metadata: KubeObject['metadata'],
  key: K,
  value: KubeObject['metadata'][K] | undefined,
): void {
  if (value === undefined) Reflect.deleteProperty(metadata, key);
  else metadata[key] = value;
}
