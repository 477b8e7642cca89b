"""What programs do with the Python client that Debian ships, which knows Kubernetes 1.22; each part prints what it saw."""
import sys

from kubernetes import client, config, dynamic, watch
from kubernetes.client.rest import ApiException

config.load_kube_config()
namespace = config.list_kube_config_contexts()[1]["context"]["namespace"]
core = client.CoreV1Api()
apps = client.AppsV1Api()


def config_map(name, data=None, labels=None):
    return client.V1ConfigMap(metadata=client.V1ObjectMeta(name=name, labels=labels), data=data)


def objects():
    for name, tier in (("a", "front"), ("b", "back"), ("c", "front")):
        core.create_namespaced_config_map(namespace, config_map(name, {"tier": tier}, {"tier": tier}))
    front = core.list_namespaced_config_map(namespace, label_selector="tier=front")
    print("front", [item.metadata.name for item in front.items], front.items[0].metadata.creation_timestamp.tzinfo)
    page = core.list_namespaced_config_map(namespace, label_selector="tier", limit=2)
    rest = core.list_namespaced_config_map(namespace, label_selector="tier", limit=2, _continue=page.metadata._continue)
    print("pages", [item.metadata.name for item in page.items], [item.metadata.name for item in rest.items])
    print("more", page.metadata._continue is not None, rest.metadata._continue)
    print("patched", core.patch_namespaced_config_map("a", namespace, {"data": {"tier": None, "x": "y"}}).data)
    print("patched", core.patch_namespaced_config_map("a", namespace, [{"op": "add", "path": "/data/z", "value": "1"}]).data)
    print("deleted", core.delete_namespaced_config_map("a", namespace).status)
    core.delete_collection_namespaced_config_map(namespace, label_selector="tier")
    print("left", core.list_namespaced_config_map(namespace, label_selector="tier").items)


def resumed():
    watcher = watch.Watch()
    version = core.list_namespaced_config_map(namespace).metadata.resource_version
    core.create_namespaced_config_map(namespace, config_map("one"))
    core.create_namespaced_config_map(namespace, config_map("two"))
    for event in watcher.stream(core.list_namespaced_config_map, namespace, resource_version=version, timeout_seconds=20):
        print(event["type"], event["object"].metadata.name)
        version = event["object"].metadata.resource_version
        watcher.stop()
    core.delete_namespaced_config_map("one", namespace)
    for event in watcher.stream(core.list_namespaced_config_map, namespace, resource_version=version, timeout_seconds=20):
        print(event["type"], event["object"].metadata.name)
        if event["type"] == "DELETED":
            watcher.stop()


def dynamically():
    found = dynamic.DynamicClient(client.ApiClient())
    deployments = found.resources.get(api_version="apps/v1", kind="Deployment")
    template = {"metadata": {"labels": {"a": "b"}}, "spec": {"containers": [{"name": "c", "image": "c:1"}]}}
    spec = {"replicas": 0, "selector": {"matchLabels": {"a": "b"}}, "template": template}
    body = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}, "spec": spec}
    print("created", deployments.create(body=body, namespace=namespace).spec.strategy.type)
    change = {"spec": {"template": {"spec": {"containers": [{"name": "c", "image": "c:2"}]}}}}
    patched = deployments.patch(
        body=change, name="web", namespace=namespace, content_type="application/strategic-merge-patch+json"
    )
    print("patched", patched.spec.template.spec.containers[0].image)
    print("scale", deployments.scale.get(name="web", namespace=namespace).status.replicas)
    print("listed", [item.metadata.name for item in deployments.get(namespace=namespace).items])
    for kind in ("Lease", "FlowSchema", "EndpointSlice", "ServiceCIDR"):
        print(kind, found.resources.get(kind=kind).group_version)
    print("deleted", deployments.delete(name="web", namespace=namespace).status)


def errors():
    for title, request in (
        ("missing", lambda: core.read_namespaced_config_map("none", namespace)),
        ("invalid", lambda: core.create_namespaced_config_map(namespace, config_map("Bad"))),
        ("elsewhere", lambda: core.create_namespaced_config_map("nowhere", config_map("a"))),
    ):
        try:
            request()
        except ApiException as err:
            print(title, err.status, err.reason, err.headers["Content-Type"])


{"objects": objects, "resumed": resumed, "dynamically": dynamically, "errors": errors}[sys.argv[1]]()
