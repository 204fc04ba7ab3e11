app_name = "advances"
urlpatterns = []
