"""The class of a device, from what its browser says of itself. Nothing finer is kept."""

APP = "ENT-ecole/"  # how our own application names itself


def device_class(agent: str) -> str:
    if APP in agent:
        return "app"
    if "iPad" in agent or "Tablet" in agent or ("Android" in agent and "Mobile" not in agent):
        return "tablet"
    return "phone" if "Mobi" in agent else "desktop"
