"""How often a caller may ask: so many requests a minute for each key, counted in this process."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable

from labelyard import errors

_REMEMBERED = 50_000
_WINDOW_SECONDS = 60.0


class Rate:
    """A bucket for each caller: it holds a minute's requests and fills up again evenly."""

    def __init__(
        self, per_minute: int, what: str = "requests", clock: Callable[[], float] = time.monotonic
    ) -> None:
        """`per_minute` 0 is no limit."""
        self._per_minute = per_minute
        self._what = what
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def spend(self, caller: str) -> None:
        """Counts one request. Raises TooManyRequests when the bucket is empty."""
        left = self.require(caller)
        if self._per_minute:
            self._buckets[caller] = (left - 1, self._clock())
            if len(self._buckets) > _REMEMBERED:
                self._buckets.popitem(last=False)

    def require(self, caller: str) -> float:
        """What is left in the bucket. Raises TooManyRequests, with the seconds to wait, when it is empty."""
        if not self._per_minute:
            return math.inf
        now = self._clock()
        left, filled_at = self._buckets.pop(caller, (float(self._per_minute), now))
        left = min(self._per_minute, left + (now - filled_at) * self._per_minute / _WINDOW_SECONDS)
        self._buckets[caller] = (left, now)
        if left < 1:
            wait = math.ceil((1 - left) * _WINDOW_SECONDS / self._per_minute)
            raise errors.TooManyRequests(
                f"You have exceeded {self._per_minute} {self._what} a minute; try again in {wait} s.",
                retry_after=wait,
            )
        return left
