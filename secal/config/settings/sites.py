"""The sites that one code base serves, each in a process of its own: addresses, database user, sessions."""

from dataclasses import dataclass, replace

MIDDLEWARE = (
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
    "recovery.chamber.middleware.PortalOpenMiddleware",
    "secal.access.seats.SeatMiddleware",
    "secal.access.step_up.StepUpMiddleware",
    "secal.access.unit_of_work.ActorMiddleware",
    "secal.office.commitments.gate.CommitmentMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
)


@dataclass(frozen=True, slots=True)
class Site:
    """One site, or the worker. `database` names the variable with the address of its database user."""

    name: str
    urls: str
    home: str
    database: str
    client: str
    """The site's name at the identity provider."""
    session_seconds: int
    admits_portal: bool = False

    def cookie(self, purpose: str) -> str:
        """Cookies of the two sites never meet, also on one host with two ports."""
        return f"{self.name}-{purpose}"


OFFICE = Site(
    name="office",
    urls="secal.config.urls",
    home="office:home",
    database="DATABASE_URL",
    client="secal-office",
    session_seconds=8 * 3600,
)
SITES = {
    "office": OFFICE,
    # The worker and the commands serve nobody: they know the office's addresses, and work as its background
    # identities.
    "worker": replace(OFFICE, database="WORKER_DATABASE_URL"),
    "portal": Site(
        name="portal",
        urls="secal.config.portal_urls",
        home="portal:home",
        database="PORTAL_DATABASE_URL",
        client="secal-portal",
        session_seconds=4 * 3600,
        admits_portal=True,
    ),
}
SERVED = tuple(site for name, site in SITES.items() if site.name == name)
"""The sites that somebody visits: each with addresses of its own."""
