"""Programs sign in with name and password, and a one-time code where the account has one; guessing is slowed down."""

import datetime as dt

import pytest
import time_machine
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from allauth.mfa.totp.internal.auth import yield_hotp_counters_from_time as counters

from greenchain.accounts.api import TRIES, TRIES_PER_ADDRESS
from greenchain.accounts.models import ApiKey, User
from greenchain.clock import now
from tests.api.caller import Caller
from tests.factories_suppliers import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("person")]

WORDS = "correct horse battery staple"


@pytest.fixture
def person() -> User:
    user = UserFactory.create(username="li")
    user.set_password(WORDS)
    user.save()
    return user


def _sign_in(**given):
    return Caller().post("token", {"username": "li", "password": WORDS, **given})


def _code(secret):
    return format_hotp_value(hotp_value(secret, next(counters())))


@pytest.mark.parametrize("address", ["token", "token/"])
@pytest.mark.parametrize("name", ["li", "li@example.org"])
def test_a_key_for_name_and_password(person: User, address: str, name: str):
    answer = Caller().post(address, {"username": name, "password": WORDS})
    assert answer.status == 200
    assert set(answer.body) == {"token", "days"}
    assert Caller(answer.body["token"]).get("sites/").status == 200
    stored = ApiKey.objects.get(user=person)
    assert answer.body["token"] not in (stored.digest, stored.prefix)


def test_one_answer_for_everything_that_is_wrong():
    User.objects.create_user("closed", password=WORDS, is_active=False)
    answers = [
        _sign_in(password="wrong"),
        _sign_in(username="nobody"),
        _sign_in(username="closed"),
    ]
    assert {(one.status, one.code, one.body["detail"]) for one in answers} == {
        (401, "invalid_credentials", answers[0].body["detail"])
    }


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"username": "li"},
        {"username": ["li"], "password": WORDS},
        {"username": "l\x00i", "password": "x"},
        [],
        "x",
        7,
    ],
)
def test_what_is_no_sign_in_is_bad_input(body: object):
    assert Caller().post("token", body).status == 400


def test_guessing_a_password_is_slowed_down_for_that_name_only():
    UserFactory.create(username="wang")
    for _try in range(TRIES):
        assert _sign_in(password="wrong").status == 401
    locked = _sign_in()
    assert (locked.status, locked.code) == (429, "throttled")
    assert int(locked.headers["Retry-After"]) > 0
    assert _sign_in(username="wang").status == 401


def test_guessing_names_from_one_address_is_slowed_down():
    for number in range(TRIES_PER_ADDRESS):
        assert _sign_in(username=f"name{number}").status == 401
    assert _sign_in().status == 429


def test_who_signs_in_often_is_not_slowed_down():
    assert {_sign_in().status for _try in range(TRIES + 2)} == {200}


@time_machine.travel(now(), tick=False)
def test_the_second_factor_is_asked_for_and_works_once(person: User):
    secret = generate_totp_secret()
    TOTP.activate(person, secret)
    wanted = _sign_in()
    assert (wanted.status, wanted.code) == (401, "otp_required")
    assert _sign_in(otp="000000").code == "invalid_credentials"
    assert _sign_in(otp=_code(secret)).status == 200
    assert _sign_in(otp=_code(secret)).code == "invalid_credentials"


def test_a_recovery_code_serves_once(person: User):
    TOTP.activate(person, generate_totp_secret())
    code = RecoveryCodes.activate(person).get_unused_codes()[0]
    assert _sign_in(otp=code).status == 200
    assert _sign_in(otp=code).status == 401


def test_a_key_ends_when_it_is_given_back_or_its_time_is_over():
    first, second = (Caller(_sign_in().body["token"]) for _time in range(2))
    assert first.delete("token").status == 204
    assert first.get("sites/").status == 401
    ApiKey.objects.update(expires_at=now() - dt.timedelta(days=1))
    assert second.get("sites/").code == "authentication_failed"
    assert Caller("nonsense").get("regions/").status == 401


def test_who_is_not_active_any_more_has_no_key():
    key = Caller(_sign_in().body["token"])
    User.objects.update(is_active=False)
    assert key.get("sites/").status == 401
