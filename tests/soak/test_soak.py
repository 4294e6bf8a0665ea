"""The state machine: hypothesis rolls the dice, the laws are looked at after each step.

A few seconds in the suite; ``make soak STEPS=5000`` walks for long. A failure names the seed of each step.
"""

import os
import random
import sys

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings, strategies
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from tests.cast import Cast
from tests.soak.laws import Laws, whole
from tests.soak.world import World, make_world

STEPS = int(os.environ.get("SOAK_STEPS", "60"))
A_WALK = min(STEPS, int(os.environ.get("SOAK_WALK", "250")))
"""Steps from an empty nation on; then the next walk begins anew."""


@pytest.mark.django_db
@pytest.mark.postgres
def test_whatever_people_try_the_laws_hold(cast: Cast) -> None:
    world = make_world(cast)
    made: dict[str, int] = {}
    refused: dict[str, int] = {}

    class Machine(RuleBasedStateMachine):
        """One walk in a transaction of its own."""

        def __init__(self) -> None:
            super().__init__()
            self.world = World(world.cast, world.rounds, world.subjects, world.people)
            self.saved = transaction.savepoint()
            self.laws = Laws()
            self.taken = 0

        @rule(seed=strategies.integers(0, 2**40))
        def step(self, seed: int) -> None:
            """Somebody does something."""
            self.taken += 1
            self.world.step(random.Random(f"{seed}/{self.taken}"))  # noqa: S311 - dice, no secret

        @invariant()
        def laws_hold(self) -> None:
            """After each step."""
            assert self.laws.broken() == []

        def teardown(self) -> None:
            """The record of the whole walk is whole; then the nation is empty again."""
            assert whole() == []
            for total, walk in ((made, self.world.made), (refused, self.world.refused)):
                for key, count in walk.items():
                    total[key] = total.get(key, 0) + count
            transaction.savepoint_rollback(self.saved)

    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=max(1, STEPS // A_WALK),
            stateful_step_count=A_WALK,
            deadline=None,
            database=None,
            derandomize=STEPS <= 100,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
        _min_steps=A_WALK,
    )
    sys.stdout.write(
        f"\nmoves made: {dict(sorted(made.items()))}\nrefused: {dict(sorted(refused.items()))}\n"
    )
    assert sum(made.values()) > STEPS // 4
