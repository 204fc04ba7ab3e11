app_name = "solvency"
urlpatterns = []
