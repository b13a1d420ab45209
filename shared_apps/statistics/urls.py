from shared_apps.statistics.adoption_urls import urlpatterns as adoption

app_name = "statistics"
urlpatterns = [*adoption]
