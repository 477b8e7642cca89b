import type { Clock, Logger, Run } from '@kubephant/base';
import type { Client } from '@kubephant/client';
import type { ResourceDefinition } from '@kubephant/resources';
import type { CustomResourceDefinition, OpenApiRow } from '@kubephant/schema';
import type { Store } from '@kubephant/storage';
import { describeRow, type DiscoveredResource } from '../discovery/resources';
import { openApiRow } from '../openapi/rows';
import type { Resource } from '../registry/resource';
import { newView, type View } from '../views/view';
import type { AskWebhook } from './conversion';
import type { CompileRules } from './custom-resource';
import { newCustomResources, type CustomResources } from './definitions';
import { publishedForm } from './published-form';
import { followDefinitions, runDefinitions } from './run-definitions';

export interface ExtensionDependencies {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Logger;
  /** What is built in, whose names are taken. */
  readonly rows: readonly ResourceDefinition[];
  /** Absent: conversion by webhook fails. */
  readonly askWebhook?: AskWebhook;
  /** Absent: schemas have no rules, since the table refuses them. */
  readonly compileRules?: CompileRules;
}

/** CustomResourceDefinitions and what they define. */
export interface Extensions {
  readonly resources: CustomResources;
  /** The definitions, as the store reports them; to be run. */
  readonly view: Pick<View, 'run' | 'synced'>;
  /** Establishes definitions, and empties those that go, with a client that may do everything. */
  run(client: Client): Run;
}

export function newExtensions(dependencies: ExtensionDependencies): Extensions {
  const { store, clock, askWebhook = notCalled, compileRules = noRules } = dependencies;
  const view = newView<CustomResourceDefinition>(store, 'customresourcedefinitions.apiextensions.k8s.io', clock);
  const resources = newCustomResources({ store, view, askWebhook, compileRules });
  const work = followDefinitions(view);
  return {
    resources,
    view,
    run: (client) => async (signal) => runDefinitions(work, client, { ...dependencies, view }, signal),
  };
}

const noRules: CompileRules = () => undefined;

const notCalled: AskWebhook = async () => {
  throw new Error('this server calls no webhooks');
};

/** What discovery says of custom resources. */
export const discoveredOf = (resources: readonly Resource[]): readonly DiscoveredResource[] =>
  resources.map(({ row, verbs }) => {
    const described = describeRow(row);
    const subresources = described.subresources.toSorted((a, b) => (a.name > b.name ? -1 : 1));
    return { ...described, subresources, verbs: verbs.has('create') ? verbsInOrder : verbsOfTheEnd };
  });

/** The order of verbs that upstream keeps for custom resources; of their subresources, the status comes first. */
const verbsInOrder = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'];

/** What discovery says can be done while a definition is being deleted. */
const verbsOfTheEnd = ['delete', 'deletecollection', 'get', 'list', 'watch'];

/** What OpenAPI says of them. */
export const openApiRowsOf = (resources: readonly Resource[]): readonly OpenApiRow[] =>
  resources.map((resource) => ({
    ...openApiRow(describeRow(resource.row), resource.row),
    custom: publishedForm(resource),
  }));
