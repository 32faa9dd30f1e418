"""The service: `factcheck serve`, a door for programs, described by its own `/openapi.json` and docs/service.md.

Needs the extra `factcheck[service]`; nothing here is imported until it is used.
"""

from factcheck.service.application import create_app
from factcheck.service.running import refuse_openness, serve

__all__ = ["create_app", "refuse_openness", "serve"]
