"""The demo: a front door on loopback and communes that look alive. Nothing of it is reachable elsewhere."""
