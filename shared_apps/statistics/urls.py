from shared_apps.statistics.adoption_urls import urlpatterns as adoption
from shared_apps.statistics.usage.urls import urlpatterns as usage

app_name = "statistics"
urlpatterns = [*adoption, *usage]
