"""How much may still be spent."""

from __future__ import annotations

import sys

from factcheck.errors import InputError
from factcheck.settings import Settings


class Budget:
    """Dollars for a run, of which some are spent.

    Until the first claim has been paid for, one is begun with at a time: what they cost is not known. Then so many as
    the rest pays for at the mean price so far.

    Args:
        dollars: of all sessions together; None is without end.
        spent: in earlier sessions.
        paid: for how many items.
    """

    def __init__(self, dollars: float | None = None, spent: float = 0.0, paid: int = 0) -> None:
        self._dollars, self._spent, self._paid = dollars, spent, paid

    def room(self, begun: int) -> int:
        """How many more items may be begun with, beside those that are."""
        if self._dollars is None:
            return sys.maxsize
        left = self._dollars - self._spent
        if left <= 0:
            return 0
        if not self._paid:
            return max(0, 1 - begun)
        return max(0, int(left * self._paid / self._spent + 1e-6) - begun)

    def spend(self, dollars: float | None) -> None:
        """What an item cost; nothing where its answer was kept from before."""
        if dollars:
            self._spent += dollars
            self._paid += 1


def check_budget(dollars: float | None, settings: Settings) -> None:
    """Sees that a budget can be kept.

    Raises:
        InputError: it is not above nought, or nothing says what a token costs.
    """
    if dollars is None:
        return
    if not dollars > 0:
        raise InputError("--budget takes dollars, more than nought.")
    if settings.mode == "llm" and (settings.llm_price_in is None or settings.llm_price_out is None):
        raise InputError(
            "A budget can only be kept where the price is known: set FACTCHECK_LLM_PRICE_IN and FACTCHECK_LLM_PRICE_OUT"
            " (US dollars per million tokens), or leave --budget out."
        )
