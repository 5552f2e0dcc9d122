"""Pauses between tries."""

from adapters.backoff import LONGEST_PAUSE, Backoff


def test_pauses_grow_to_a_limit_and_begin_anew():
    backoff = Backoff(lambda: 1.0)
    assert [backoff.pause() for _ in range(8)] == [1, 2, 4, 8, 16, LONGEST_PAUSE, LONGEST_PAUSE, LONGEST_PAUSE]
    backoff.reset()
    assert backoff.pause() == 1


def test_a_pause_is_never_shorter_than_half_of_its_step():
    backoff = Backoff(lambda: 0.0, first=2.0)
    assert [backoff.pause() for _ in range(3)] == [1, 2, 4]
