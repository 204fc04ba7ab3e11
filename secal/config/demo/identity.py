"""The identity provider of the demonstration and the tests: a program of its own, on this machine only.

    python -m secal.config.demo.identity --port 9400

It speaks the real protocol (discovery, code flow, signed ID tokens) and lets one choose a persona instead
of reading an identity card. It believes everybody: the office accepts it only where OIDC_LOOPBACK_ALLOWED.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

TEMPLATES = Path(__file__).parent / "templates"
LOOPBACK = "127.0.0.1"
LEVEL = "urn:be:fedict:iam:fas:Level500"


def provider(*, level: str = LEVEL) -> Any:
    """The provider as a WSGI application, with the personas, and two newcomers, as its known users."""
    import flask
    import jinja2
    import oidc_provider_mock

    from secal.config.demo.personas import NEWCOMERS, PERSONAS

    application = flask.Flask("oidc_provider_mock")
    application.jinja_loader = jinja2.ChoiceLoader(
        [jinja2.FileSystemLoader(TEMPLATES), jinja2.PackageLoader("oidc_provider_mock")]
    )
    application.jinja_env.globals |= {"personas": PERSONAS, "newcomers": NEWCOMERS}
    plain = application.wsgi_app
    oidc_provider_mock.init_app(
        application,
        require_nonce=True,
        issue_refresh_token=False,
        user_claims=[
            oidc_provider_mock.User(
                sub=card.subject,
                claims={
                    "given_name": card.given_name,
                    "family_name": card.family_name,
                    "egovNRN": card.niss,
                    "acr": level,
                    "amr": ["eid"],
                },
            )
            for card in (*PERSONAS, *NEWCOMERS)
        ],
    )
    # The package turns its debugger on, which would run any code sent to it.
    application.debug = False
    application.wsgi_app = plain  # type: ignore[method-assign]
    return application


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until stopped. Prints its address on the first line of standard output once it listens."""
    parser = argparse.ArgumentParser(description="Identity provider of the demonstration.")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free port")
    parser.add_argument("--level", default=LEVEL, help="assurance level written into the tokens (acr)")
    choices = parser.parse_args(arguments)
    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"
    from werkzeug.serving import make_server

    server = make_server(LOOPBACK, choices.port, provider(level=choices.level), threaded=True)
    sys.stdout.write(f"http://{LOOPBACK}:{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()
    return 0


if __name__ == "__main__":
    sys.exit(main())
