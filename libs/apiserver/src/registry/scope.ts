import type { KubeObject } from '@kubephant/api';
import type { Clock } from '@kubephant/base';
import type { ConnectLocation, StrategyContext } from '@kubephant/resources';
import type { SchemaRegistry } from '@kubephant/schema';
import type { AdmissionChain } from '../admission/chain';
import type { Authenticated, Reply, RequestInfo, WatchFraming } from '@kubephant/serving';
import type { Store } from '@kubephant/storage';
import type { Resource } from './resource';
import type { Allocation } from './allocation';

/** What every verb needs, the same for all requests. */
export interface Machinery {
  readonly store: Store;
  readonly clock: Clock;
  readonly schemas: SchemaRegistry;
  readonly resources: Resources;
  readonly admission: AdmissionChain;
  readonly framings: Framings;
  readonly connect: Connect;
  /** Numbers that belong to objects (addresses, ports), by storage name of the resource. */
  readonly allocations: ReadonlyMap<string, Allocation>;
}

export interface Resources {
  /** The row that serves this resource in this version; undefined when there is none. */
  find(apiVersion: string, plural: string): Resource | undefined;
  /** The row whose form is stored, by its name in the store (`deployments.apps`). */
  stored(name: string): Resource | undefined;
  /** All versions of what is stored under this name. */
  versions(name: string): readonly Resource[];
}

export interface Framings {
  readonly json: WatchFraming;
  /** Protobuf over HTTP, and over WebSocket; absent where objects have no protobuf form. */
  readonly protobuf?: { readonly delimited: WatchFraming; readonly messages: WatchFraming };
}

/** Carries a connect request (log, exec, attach, portforward, proxy) to where `location` says. */
export type Connect = (req: Authenticated, location: ConnectLocation, object: KubeObject) => Promise<Reply>;

/** One request to one resource. */
export interface Scope {
  readonly req: Authenticated;
  /** What is acted on: the request's own info, or that of an object the request acts on besides. */
  readonly info: RequestInfo;
  readonly resource: Resource;
  readonly machinery: Machinery;
}

export const nowOf = ({ machinery }: Scope): Date => new Date(machinery.clock.now());

/** The name in the URL; dispatch calls verbs on one object only with a name. */
export const nameOf = ({ info }: Scope): string => info.name ?? '';

/** What a strategy may know of the request. */
export function contextOf(scope: Scope, subresource?: string): StrategyContext {
  const { req } = scope;
  const warn = (text: string): void => {
    req.warn(text);
  };
  return { now: nowOf(scope), user: req.user, warn, ...(subresource !== undefined && { subresource }) };
}
