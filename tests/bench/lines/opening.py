"""Openings, all steps: one from the click, and a wave of fifty with the spares used up."""

import statistics

from tests.bench import cases
from tests.bench.table import Line, at_least, at_most
from tests.bench.world import World


def run(world: World) -> list[Line]:
    from core.tenancy import in_public
    from provisioning import spares
    from provisioning.sessions import owner

    wave = world.size(50, 10)
    clicks = 3
    towns = cases.signed(wave + clicks)
    with owner(), in_public():
        spares.fill(clicks)
    from_click = [cases.open_one(insee) for insee in towns[:clicks]]
    rate = wave / cases.open_wave(towns[clicks:])
    return [
        at_most("commune open, all steps, from the click", statistics.median(from_click) / 1000, "s", 2),
        at_least(f"a wave of {wave} communes opened by its act, no spare left", rate, "per second", 2),
    ]
