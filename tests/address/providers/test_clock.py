"""The token bucket against a plain count of what passed in every window."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dq.address.providers.clock import TokenBucket
from dq.address.providers.contract import Quota
from tests.address.providers.worlds import Time


@given(
    st.integers(2, 30).flatmap(lambda calls: st.tuples(st.just(calls), st.integers(1, calls - 1))),
    st.sampled_from([1.0, 60.0, 3600.0]),
    st.lists(st.floats(0, 500), min_size=1, max_size=60),
)
def test_no_window_ever_sees_more_than_the_quota(sizes, period, pauses):
    calls, burst = sizes
    time = Time()
    bucket = TokenBucket(Quota(calls, period, burst), time.clock)
    stamps = []
    for pause in pauses:
        time.at += pause
        bucket.take()
        stamps.append(time.at)
    # A hair's breadth for the rounding of a clock that counts from 1970.
    assert all(sum(1 for other in stamps if start <= other < start + period - 1e-3) <= calls for start in stamps)


@pytest.mark.parametrize("calls", [1, 5, 6, 60, 500])
def test_the_wait_that_is_planned_is_the_wait_that_comes(calls):
    quota, time = Quota(60, 3600.0, 5), Time()
    bucket, start = TokenBucket(quota, time.clock), time.at
    for _ in range(calls):
        bucket.take()
    assert time.at - start == pytest.approx(quota.seconds(calls), abs=0.01)


def test_without_a_quota_nobody_waits():
    time = Time()
    bucket = TokenBucket(None, time.clock)
    for _ in range(1000):
        bucket.take()
    assert time.slept == []


def test_a_clock_set_back_empties_no_bucket():
    time = Time()
    bucket = TokenBucket(Quota(60, 3600.0, 5), time.clock)
    time.at -= 86_400
    for _ in range(5):
        bucket.take()
    assert time.slept == []
