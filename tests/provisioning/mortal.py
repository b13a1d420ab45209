"""A process whose children open a commune, or migrate the fleet, and kill themselves where they are told to.

Reads one order per line, `{"opening": id, "step": name, "moment": "before|worked|committed"}`, `{"erase": id, "step":
name}` or
`{"migrate": {app: package}, "folder": path, "after": communes}`, and prints the child's exit code: -9 when it was
killed. One process for all orders: Django is set up once.
"""

import json
import os
import signal
import sys

import django


def main() -> None:
    django.setup()
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            order = json.loads(line)
            act = migrate if "migrate" in order else erase if "erase" in order else open_commune
            act(order)
            os._exit(0)
        _pid, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


def open_commune(order: dict) -> None:
    from provisioning.opening import machine, steps

    name, moment = order["step"], order["moment"]
    real_step, real_do = steps.STEPS[name], machine._do

    def dying_step(opening, facts):
        if moment == "worked":
            real_step(opening, facts)
        die()

    def dying_do(opening, step, following, facts):
        real_do(opening, step, following, facts)
        if step.name == name:
            die()

    if moment == "committed":
        machine._do = dying_do
    else:
        machine.STEPS[name] = dying_step
    machine.run(order["opening"])


def erase(order: dict) -> None:
    from provisioning.ending import machine, steps

    real = steps.STEPS[order["step"]]

    def dying_step(ending):
        real(ending)
        die()

    steps.STEPS[order["step"]] = dying_step
    machine.run(order["erase"])


def migrate(order: dict) -> None:
    from django.conf import settings

    from provisioning.fleet import runner

    sys.path.insert(0, order["folder"])
    settings.MIGRATION_MODULES = order["migrate"]
    real, done = runner.migrate_one, []

    def mortal(*args):
        if len(done) == order["after"]:
            die()
        done.append(args)
        return real(*args)

    runner.migrate_one = mortal
    runner.migrate(connections=1, tell=lambda words: None, progress=lambda *figures: None)


def die(*args: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main()
