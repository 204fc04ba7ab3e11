"""The ledger's addresses. None holds a personal value: communications travel in the body."""

from django.urls import path

from secal.ledger.views import books, receipts, statements

app_name = "ledger"
urlpatterns = [
    path("extraits/", statements.statements, name="statements"),
    path("extraits/importer/", statements.take, name="import"),
    path("extraits/<uuid:pk>/", statements.statement, name="statement"),
    path("a-rapprocher/", receipts.waiting, name="waiting"),
    path("recus/<uuid:pk>/", receipts.receipt, name="receipt"),
    path("recus/<uuid:pk>/rapprocher/", receipts.match, name="match"),
    path("recus/<uuid:pk>/remettre/", receipts.put_back, name="put-back"),
    path("comptes/<uuid:pk>/", books.book, name="book"),
]
