"""``manage.py up``: the whole of GreenChain on this machine, until it is told to stop."""

import os
import signal
import time
import uuid
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from greenchain import embedded
from greenchain.embedded import Address, CannotStartError
from greenchain.supervisor import DoesNotStayUpError, Supervisor, end_with_parent

PATIENCE = 120.0


class Command(BaseCommand):
    """One process that starts all the others and ends them with itself."""

    help = "Prepare the database and run web server, worker, timetable and broker until stopped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take one switch, for make."""
        parser.add_argument("--with-parent", action="store_true", help="stop when its caller is gone")

    def handle(self, *, with_parent: bool, **_options: Any) -> None:
        """Run until TERM, INT or HUP; leave nothing behind."""
        os.environ.setdefault("GREENCHAIN_RUN", uuid.uuid4().hex[:12])
        if with_parent:
            end_with_parent(signal.SIGTERM)
        listen(signal.default_int_handler)
        try:
            address = Address.wanted()
            with embedded.only_one(), Supervisor(self.say) as supervisor:
                address.must_be_free()
                self.serve(supervisor, address)
        except KeyboardInterrupt:
            self.say("Stopped.")
        except (CannotStartError, DoesNotStayUpError) as error:
            raise CommandError(str(error)) from error

    def serve(self, supervisor: Supervisor, address: Address) -> None:
        """Broker first, then the data, then what serves people; nothing interrupts the end."""
        try:
            if broker := embedded.broker():
                supervisor.start(broker)
            embedded.wait_for_broker(supervisor.tend)
            self.prepare()
            for program in embedded.programs(address):
                supervisor.start(program)
            self.welcome(supervisor, address)
            while True:
                time.sleep(0.5)
                supervisor.tend()
        finally:
            listen(signal.SIG_IGN)

    def prepare(self) -> None:
        """Bring the database up to date and fill an empty one; a second run changes nothing."""
        self.say("Preparing the database …")
        call_command("migrate", verbosity=0, interactive=False)
        call_command("load_reference", stdout=self.stdout)
        call_command("demo", "--if-empty", stdout=self.stdout)
        connections.close_all()

    def welcome(self, supervisor: Supervisor, address: Address) -> None:
        """Wait until everything works, then say where, and who can sign in."""
        deadline, logs = time.monotonic() + PATIENCE, settings.VAR_DIR / "log"
        while not (found := address.ready())[0]:
            if time.monotonic() > deadline:
                raise CannotStartError(f"Not ready after {PATIENCE:.0f} s: {found[1]} (logs: {logs})")
            supervisor.tend()
            time.sleep(0.2)
        call_command("demo_accounts", stdout=self.stdout)
        connections.close_all()
        self.say(f"\nGreenChain is ready: {settings.SITE_URL}/  (logs: {logs}, Ctrl-C stops it)")

    def say(self, message: str) -> None:
        """Print at once, also into a pipe."""
        self.stdout.write(message)
        self.stdout.flush()


def listen(handler: Any) -> None:
    """Take the signals that mean stop; a HUP that nohup has shut off stays off."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        if number is not signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, handler)
