"""Renders the chart with no cluster and no helm program."""

import helm_python
import pytest
import yaml

from tests.helm.manifests import CHART


@pytest.fixture(scope="session")
def chart():
    with helm_python.Chart.load(CHART) as loaded:
        yield loaded


@pytest.fixture(scope="session")
def render(chart):
    def _render(**values):
        """All the manifests of a release."""
        chart.validate_schema(values)
        sources = chart.render(values=values, name="narbonnaise", namespace="ent")
        found = []
        for template, text in sources.items():
            if template.endswith("NOTES.txt"):
                continue
            found += [manifest for manifest in yaml.safe_load_all(text) if manifest]
        return found

    return _render
