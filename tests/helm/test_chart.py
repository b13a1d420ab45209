"""The chart renders, is valid for Kubernetes, and keeps its promises about rights and secrets."""

import json

import helm_python
import kubernetes_validate
import pytest
import yaml

from tests.helm.manifests import CHART, component, environment, of_kind, pods

OLDEST, NEWEST = "1.27.0", "1.34.0"
VARIANTS = {
    "default": {},
    "autoscaled": {"web": {"autoscaling": {"enabled": True}}},
    "bare": {
        "ingress": {"enabled": False},
        "networkPolicy": {"enabled": False},
        "migrate": {"enabled": False},
        "media": {"existingClaim": "files"},
    },
    "guarded proxy": {
        "ingress": {"securityHeaders": {"enabled": True}, "annotations": {"example.org/note": "yes"}},
        "networkPolicy": {
            "sentry": {"enabled": True},
            "postgres": {"to": [{"ipBlock": {"cidr": "10.1.0.0/16"}}]},
            "monitoringFrom": [{"namespaceSelector": {"matchLabels": {"team": "monitoring"}}}],
        },
        "imagePullSecrets": [{"name": "registry"}],
        "extraEnv": {"ENT_LOG_LEVEL": "INFO"},
    },
    "sealed": {"seal": {"secret": "seal", "roots": True}},
    "other proxy, placed pods": {
        "ingress": {"controller": "f5-nginx"},
        "image": {"digest": "sha256:" + "a" * 64},
        "worker": {
            "nodeSelector": {"disk": "ssd"},
            "tolerations": [{"key": "batch", "operator": "Exists"}],
            "affinity": {"nodeAffinity": {}},
            "podAnnotations": {"example.org/owner": "ops"},
        },
        "serviceAccount": {"annotations": {"example.org/owner": "ops"}},
    },
}


def test_the_chart_passes_the_linter():
    report = helm_python.lint(CHART, strict=True)
    assert report["errors"] == []
    assert [m["error"] for m in report["messages"]] == ["icon is recommended"]


@pytest.mark.parametrize("version", [OLDEST, NEWEST])
@pytest.mark.parametrize("variant", VARIANTS)
def test_every_manifest_is_valid(render, variant, version):
    manifests = render(**VARIANTS[variant])
    assert manifests
    for manifest in manifests:
        kubernetes_validate.validate(manifest, version, strict=True)


def test_the_default_release_holds_the_expected_objects(render):
    kinds = sorted((m["kind"], m["metadata"]["name"].removeprefix("narbonnaise-ent-ecole")) for m in render())
    assert kinds == [
        ("ConfigMap", ""),
        ("Deployment", "-beat"),
        ("Deployment", "-web"),
        ("Deployment", "-worker"),
        ("Ingress", "-files"),
        ("Ingress", "-web"),
        ("Job", "-migrate"),
        ("NetworkPolicy", "-beat"),
        ("NetworkPolicy", "-migrate"),
        ("NetworkPolicy", "-web"),
        ("NetworkPolicy", "-worker"),
        ("PersistentVolumeClaim", "-media"),
        ("PodDisruptionBudget", "-web"),
        ("PodDisruptionBudget", "-worker"),
        ("Service", ""),
        ("ServiceAccount", ""),
    ]


# Rights


@pytest.mark.parametrize("name", ["web", "worker", "beat", "migrate"])
def test_no_pod_has_more_rights_than_it_needs(render, name):
    pod = pods(render())[name]
    assert pod["automountServiceAccountToken"] is False
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["runAsUser"] >= 10000
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    for container in pod["containers"] + pod.get("initContainers", []):
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "privileged": False,
            "capabilities": {"drop": ["ALL"]},
        }
        assert {"requests", "limits"} <= set(container["resources"])


def test_the_service_account_has_no_token(render):
    (account,) = of_kind(render(), "ServiceAccount")
    assert account["automountServiceAccountToken"] is False


def test_only_the_worker_and_the_migration_may_change_tables(render):
    holders = {name for name, pod in pods(render()).items() if "ENT_OWNER_DATABASE_URL" in environment(pod)}
    assert holders == {"worker", "migrate"}


def test_the_web_pod_cannot_see_the_owner_secret_in_any_way(render):
    assert "owner" not in json.dumps(pods(render(secrets={"runtime": "run", "owner": "the-owner"}))["web"])


def test_one_secret_for_both_uses_is_refused(render):
    with pytest.raises(helm_python.HelmRenderError, match=r"secrets\.owner must be another secret"):
        render(secrets={"runtime": "same", "owner": "same"})


@pytest.mark.parametrize("variant", VARIANTS)
def test_no_secret_is_written_in_a_manifest(render, variant):
    manifests = render(**VARIANTS[variant])
    assert of_kind(manifests, "Secret") == []
    for pod in pods(manifests).values():
        for name, value in environment(pod).items():
            secret = any(
                word in name
                for word in ("SECRET", "PASSWORD", "PASSPHRASE", "USER", "TOKEN", "DSN", "_KEY", "MAILBOX", "_URL")
            )
            assert (value is None) == secret, name
    (settings,) = of_kind(manifests, "ConfigMap")[:1]
    assert not any(word in json.dumps(settings["data"]) for word in ("SECRET", "PASSWORD", "_URL", "DSN"))


def test_the_seal_is_mounted_where_one_signs_and_nowhere_else(render):
    found = pods(render(seal={"secret": "the-seal"}))
    assert {name for name, pod in found.items() if "the-seal" in json.dumps(pod)} == {"web", "worker"}
    for name in ("web", "worker"):
        (mount,) = [m for m in found[name]["containers"][0]["volumeMounts"] if m["name"] == "seal"]
        (volume,) = [v for v in found[name]["volumes"] if v["name"] == "seal"]
        assert mount["readOnly"]
        assert [item["key"] for item in volume["secret"]["items"]] == ["seal.p12"]  # the passphrase is in no file
        assert volume["secret"]["defaultMode"] == 0o440
        assert environment(found[name])["ENT_SEAL_FILE"] == f"{mount['mountPath']}/seal.p12"
        assert {"ENT_SEAL_PASSPHRASE", "ENT_TSA_URL"} <= set(environment(found[name]))


def test_without_a_seal_nothing_of_it_is_in_the_pods(render):
    manifests = json.dumps([m for m in render() if m["kind"] != "ConfigMap"])
    assert "seal" not in manifests


def test_the_authorities_of_the_seal_are_reached_by_who_signs(render):
    manifests = render(seal={"secret": "s"}, networkPolicy={"seal": {"ports": [8318]}})
    assert {component(p) for p in of_kind(manifests, "NetworkPolicy") if "8318" in json.dumps(p)} == {"web", "worker"}
    without = render(networkPolicy={"seal": {"ports": [8318]}})
    assert not [p for p in of_kind(without, "NetworkPolicy") if "8318" in json.dumps(p)]


SECRETS = ["ENT_SECRET_KEY", "ENT_DATABASE_URL", "ENT_SMTP_PASSWORD", "ENT_RETURNS_MAILBOX"]


@pytest.mark.parametrize("name", [*SECRETS, "ENT_DEMO", "PATH"])
def test_a_secret_or_the_demo_cannot_come_through_the_plain_settings(render, name):
    with pytest.raises(helm_python.HelmError):
        render(extraEnv={name: "x"})


# Running


def test_a_pooler_in_transaction_mode_is_refused(render, chart):
    with pytest.raises(helm_python.HelmError):
        render(database={"access": "transaction"})
    notes = chart.render(values={}, name="n", namespace="ent")["ent-ecole/templates/NOTES.txt"]
    assert "SESSION mode" in notes
    assert "transaction" in notes


def test_an_unknown_value_is_refused(render):
    with pytest.raises(helm_python.HelmError):
        render(web={"replica": 3})


def test_the_web_pod_is_probed_on_pages_that_ask_for_no_host(render):
    (container,) = pods(render())["web"]["containers"]
    assert container["livenessProbe"]["httpGet"] == {"path": "/healthz", "port": "http"}
    assert container["readinessProbe"]["httpGet"] == {"path": "/readyz", "port": "http"}
    assert container["startupProbe"]["httpGet"]["path"] == "/healthz"


def test_there_is_never_a_second_beat(render):
    (beat,) = [m for m in of_kind(render(), "Deployment") if component(m) == "beat"]
    assert beat["spec"]["replicas"] == 1
    assert beat["spec"]["strategy"] == {"type": "Recreate"}


def test_the_migration_needs_nothing_that_the_release_makes_later(render):
    (job,) = of_kind(render(), "Job")
    assert job["metadata"]["annotations"]["helm.sh/hook"] == "pre-install,pre-upgrade"
    pod = job["spec"]["template"]["spec"]
    assert "serviceAccountName" not in pod
    assert all("envFrom" not in container for container in pod["containers"])
    assert not any("persistentVolumeClaim" in volume for volume in pod["volumes"])


def test_the_migration_has_the_same_settings_as_the_others(render):
    manifests = render(extraEnv={"ENT_LOG_LEVEL": "DEBUG"})
    (settings,) = of_kind(manifests, "ConfigMap")
    job = environment(pods(manifests)["migrate"])
    assert {name: job[name] for name in settings["data"]} == settings["data"]


def test_requests_of_one_commune_stay_on_one_pod(render):
    for ingress in of_kind(render(), "Ingress"):
        assert ingress["metadata"]["annotations"]["nginx.ingress.kubernetes.io/upstream-hash-by"] == "$host"
    for ingress in of_kind(render(ingress={"controller": "f5-nginx"}), "Ingress"):
        assert ingress["metadata"]["annotations"]["nginx.org/lb-method"] == "hash $host consistent"


def test_files_have_a_host_and_an_ingress_of_their_own(render):
    hosts = {
        component(ingress): [rule["host"] for rule in ingress["spec"]["rules"]]
        for ingress in of_kind(render(domain="ent.fr", filesHost="files.net"), "Ingress")
    }
    assert hosts == {"web": ["academie.ent.fr", "*.ent.fr"], "files": ["files.net"]}


def test_the_proxy_can_send_the_headers_that_disarm_a_stored_file(render):
    manifests = render(ingress={"securityHeaders": {"enabled": True}})
    headers = {m["metadata"]["name"]: m["data"] for m in of_kind(manifests, "ConfigMap")}
    assert headers["narbonnaise-ent-ecole-headers-files"]["Content-Security-Policy"].startswith("sandbox;")
    for ingress in of_kind(manifests, "Ingress"):
        namespace, name = ingress["metadata"]["annotations"]["nginx.ingress.kubernetes.io/custom-headers"].split("/")
        assert namespace == "ent"
        assert headers[name]["X-Content-Type-Options"] == "nosniff"


def test_every_pod_is_under_a_policy_that_closes_both_ways(render):
    manifests = render()
    policies = {component(policy): policy["spec"] for policy in of_kind(manifests, "NetworkPolicy")}
    assert set(policies) == set(pods(manifests))
    for name, spec in policies.items():
        assert spec["policyTypes"] == ["Ingress", "Egress"]
        assert spec["podSelector"]["matchLabels"]["app.kubernetes.io/component"] == name
        assert bool(spec["ingress"]) == (name == "web")
    assert all(rule["from"] for rule in policies["web"]["ingress"])


def test_what_reaches_people_has_its_secrets(render):
    names = {one["name"] for one in pods(render())["worker"]["containers"][0]["env"]}
    assert {"ENT_SMTP_PASSWORD", "ENT_PUSH_KEY", "ENT_RETURNS_MAILBOX"} <= names


@pytest.mark.parametrize("way", ["smtp", "push", "returns"])
def test_mail_and_push_leave_from_the_worker_alone(render, way):
    manifests = render(networkPolicy={way: {"ports": [2525]}})
    senders = {component(policy) for policy in of_kind(manifests, "NetworkPolicy") if "2525" in json.dumps(policy)}
    assert senders == {"worker"}


def test_selectors_find_the_pods_they_are_for(render):
    manifests = render()
    labels = {
        component(m): m["spec"]["template"]["metadata"]["labels"].items()
        for m in manifests
        if m["kind"] == "Deployment"
    }
    (service,) = of_kind(manifests, "Service")
    assert service["spec"]["selector"].items() <= labels["web"]
    assert not service["spec"]["selector"].items() <= labels["worker"]
    for budget in of_kind(manifests, "PodDisruptionBudget"):
        assert budget["spec"]["selector"]["matchLabels"].items() <= labels[component(budget)]


def test_pods_start_again_when_a_setting_changes(render):
    def marks(**values):
        return {
            component(m): m["spec"]["template"]["metadata"]["annotations"]["checksum/settings"]
            for m in of_kind(render(**values), "Deployment")
        }

    before, after = marks(), marks(smtp={"host": "other.example.org"})
    assert all(before[name] != after[name] for name in before)


def test_an_autoscaled_web_leaves_its_number_to_the_autoscaler(render):
    manifests = render(web={"autoscaling": {"enabled": True}})
    (web,) = [m for m in of_kind(manifests, "Deployment") if component(m) == "web"]
    (scaler,) = of_kind(manifests, "HorizontalPodAutoscaler")
    assert "replicas" not in web["spec"]
    assert scaler["spec"]["scaleTargetRef"]["name"] == web["metadata"]["name"]


def test_the_notes_count_the_database_sessions(chart):
    values = {"web": {"replicas": 3, "processes": 2, "threads": 4}, "worker": {"replicas": 1, "concurrency": 4}}
    notes = chart.render(values=values, name="n", namespace="ent")["ent-ecole/templates/NOTES.txt"]
    assert "web 30 + worker 8" in notes


def test_removing_the_release_keeps_the_files(render):
    (claim,) = of_kind(render(), "PersistentVolumeClaim")
    assert claim["metadata"]["annotations"]["helm.sh/resource-policy"] == "keep"
    assert of_kind(render(media={"existingClaim": "mine"}), "PersistentVolumeClaim") == []


def test_the_monitoring_shows_its_token_to_read_the_metrics(render):
    monitors = of_kind(render(metrics={"serviceMonitor": {"enabled": True}}), "ServiceMonitor")
    (endpoint,) = monitors[0]["spec"]["endpoints"]
    assert endpoint["path"] == "/metrics"
    assert endpoint["authorization"]["credentials"]["key"] == "ENT_METRICS_TOKEN"


def test_the_chart_and_the_project_have_the_same_version():
    metadata = yaml.safe_load((CHART / "Chart.yaml").read_text())
    project = (CHART.parents[1] / "pyproject.toml").read_text()
    assert f'version = "{metadata["appVersion"]}"' in project
