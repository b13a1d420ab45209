"""What the tests of the chart ask of rendered manifests."""

from pathlib import Path

CHART = Path(__file__).resolve().parents[2] / "helm" / "ent-ecole"


def of_kind(manifests, kind):
    return [manifest for manifest in manifests if manifest["kind"] == kind]


def component(manifest):
    return manifest["metadata"]["labels"]["app.kubernetes.io/component"]


def pods(manifests):
    """The pod specification of each component: web, worker, beat, migrate."""
    return {
        component(manifest): manifest["spec"]["template"]["spec"]
        for manifest in manifests
        if manifest["kind"] in {"Deployment", "Job"}
    }


def environment(pod):
    """Name → plain value, or None when it comes from a secret."""
    return {entry["name"]: entry.get("value") for container in pod["containers"] for entry in container.get("env", [])}
