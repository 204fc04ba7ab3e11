"""The sites that one code base serves, each in a process of its own: addresses, database user, sessions."""

from dataclasses import dataclass

MIDDLEWARE_BEFORE = (
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "secal.office.middleware.HeadersMiddleware",
    "secal.office.middleware.IncidentMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "secal.access.unit_of_work.UnitOfWorkMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
)
MIDDLEWARE_AFTER = (
    "secal.access.unit_of_work.ActorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
)


@dataclass(frozen=True, slots=True)
class Site:
    """One site. `database` names the variable with the address of its database user."""

    name: str
    urls: str
    home: str
    database: str
    client: str
    """The site's name at the identity provider."""
    session_engine: str
    session_seconds: int
    middleware: tuple[str, ...]
    """Between the form check and the unit of work: how the person of a request is known."""
    needs_door: bool = False
    admits_portal: bool = False

    def cookie(self, purpose: str) -> str:
        """Cookies of the two sites never meet, also on one host with two ports."""
        return f"{self.name}-{purpose}"


SITES = {
    "office": Site(
        name="office",
        urls="secal.config.urls",
        home="office:home",
        database="DATABASE_URL",
        client="secal-office",
        session_engine="django.contrib.sessions.backends.db",
        session_seconds=8 * 3600,
        middleware=(
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "secal.access.sessions.SessionLimitsMiddleware",
        ),
    ),
    "portal": Site(
        name="portal",
        urls="secal.config.portal_urls",
        home="portal:home",
        database="PORTAL_DATABASE_URL",
        client="secal-portal",
        # Its database user can read no session: there is none in the database but digests of tokens.
        session_engine="django.contrib.sessions.backends.cache",
        session_seconds=4 * 3600,
        middleware=("secal.access.seats.SeatMiddleware",),
        needs_door=True,
        admits_portal=True,
    ),
}
