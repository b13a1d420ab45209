"""What a commune reads."""

from django.urls import path

from shared_apps.maintenance import news

app_name = "maintenance_news"
urlpatterns = [path("", news.news, name="news")]
