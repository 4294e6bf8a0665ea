"""Synthetic unified social credit codes with right check characters (GB 32100-2015, GB 11714-1997)."""

from stdnum.cn.uscc import calc_check_digit

ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def uscc(number: int, region: str = "330600") -> str:
    """The ``number``-th code of a region."""
    body = f"{number % 10**8:08d}"
    rest = -sum(int(digit) * weight for digit, weight in zip(body, ORGANISATION_WEIGHTS, strict=True)) % 11
    stem = f"91{region}{body}{'X' if rest == 10 else rest}"
    return stem + calc_check_digit(stem)
