"""The front door of the demo: `http://localhost`, on this machine only."""

from provisioning.demo.urls import front_door

urlpatterns = front_door
