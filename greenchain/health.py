"""Two questions of a load balancer: is the process up, and can it do its work."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from greenchain.jobs import pulse
from greenchain.jobs.pulse import Pulse


class Seen:
    """Whether this process ever saw everything alive: from then on a lost worker turns nobody away."""

    everything = False


@never_cache
@require_safe
def healthz(_request: HttpRequest) -> HttpResponse:
    """200 as long as the process answers."""
    return JsonResponse({"status": "up"})


@never_cache
@require_safe
def readyz(_request: HttpRequest) -> HttpResponse:
    """503 until database, broker and a worker have been seen; later only a lost database is 503.

    Pages and moves work without the queue, and a sweep makes up for it: that is 200 "degraded".
    """
    database, sign = _database(), pulse.look()
    alive = database and sign is Pulse.ALIVE
    Seen.everything = Seen.everything or alive
    status = "ready" if alive else "degraded" if database and Seen.everything else "unavailable"
    return JsonResponse(
        {
            "status": status,
            "database": database,
            "broker": sign is not Pulse.NO_BROKER,
            "worker": sign is Pulse.ALIVE,
        },
        status=503 if status == "unavailable" else 200,
    )


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True
