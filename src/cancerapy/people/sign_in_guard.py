"""Keeps guessing passwords slow: pauses that grow with each wrong one.

The counts are in the database of the records: all processes that share it share them, and a restart
does not forget. Where the records cannot be written to, nobody signs in, rather than uncounted.
Names that do not exist are counted like those that do. Names and addresses are kept as digests, and
no row is older than an hour after its last wrong password.
"""

import hashlib
import math
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from cancerapy.people.account_names import normal_name
from cancerapy.people.pause import come_back_in
from cancerapy.records import Records
from cancerapy.records.account_tables import SignInCount
from cancerapy.records.columns import now as clock

MAX_ROWS = 50_000
"""Names and addresses that are remembered; the ones longest unused are forgotten first."""

FORGET_AFTER = timedelta(hours=1)
"""A count of wrong passwords ends this long after the last of them."""

FIRST_PAUSE_S, LONGEST_PAUSE_S = 2.0, 900.0

CLOCK_ROOM_S = 60.0
"""How far the clocks of machines may be apart. A pause that would hold for longer than the longest
one and this was written by a clock that has been put back since, and holds no longer."""

FREE_BY_PAIR, FREE_BY_NAME, FREE_BY_ADDRESS = 4, 20, 40
"""Wrong passwords without a pause: for one name from one address, for one name from anywhere, and
from one address for any name. A stranger elsewhere so needs many to keep a person out."""


class SignInGuard:
    """Counts wrong passwords and says when the next may be tried.

    Args:
        records: Where the counts are kept.
        now: A clock that the machines sharing the records agree on to a second or so.
    """

    def __init__(self, records: Records, now: Callable[[], datetime] = clock) -> None:
        self._records = records
        self._now = now

    def begin(self, name: str, address: str) -> None:
        """Count a try as wrong before it is made, unless a pause holds.

        So many at the same moment get no more tries than one after the other; ``succeed`` takes a
        right one back.

        Args:
            name: The name that is tried.
            address: Where from.

        Raises:
            InvalidRequestError: A pause holds.
            RecordsError: It cannot be counted now, so it must not be made.
        """
        free = _free_tries(name, address)
        with self._records.reading() as session:  # a flood of paused tries must lock nobody out
            self._check_pause(session, free)
        with self._records.writing() as session:
            self._check_pause(session, free)
            moment = self._now()
            session.execute(delete(SignInCount).where(SignInCount.last_at < moment - FORGET_AFTER))
            for digest, n_free in free.items():
                _count_one(session, digest, n_free, moment)
            _keep_newest(session)

    def succeed(self, session: Session, name: str, address: str) -> None:
        """Forget the wrong passwords of a name, and this try of its address.

        Args:
            session: A session of ``Records.writing``, with what the right password leads to.
            name: The name that signed in.
            address: Where from.
        """
        pair, by_name, by_address = _free_tries(name, address)
        session.execute(delete(SignInCount).where(SignInCount.digest.in_((pair, by_name))))
        # A right password of one's own must not wash away wrong ones for other names.
        count = session.get(SignInCount, by_address)
        if count is not None:
            count.n = max(count.n - 1, 0)

    def _check_pause(self, session: Session, digests: dict[str, int]) -> None:
        moment = self._now()
        latest = moment + timedelta(seconds=LONGEST_PAUSE_S + CLOCK_ROOM_S)
        query = select(func.max(SignInCount.until)).where(SignInCount.digest.in_(digests))
        until = session.scalar(query.where(SignInCount.until <= latest))
        left_s = (until - moment).total_seconds() if until else 0.0
        if left_s > 0:
            raise come_back_in(
                left_s,
                "After several wrong passwords the next one has to wait; "
                f"{math.ceil(left_s)} s are left. Wait; if you have forgotten the password, ask "
                "an administrator for another meanwhile.",
                code="sign_in_paused",
                field="name",
            )


def _count_one(session: Session, digest: str, n_free: int, moment: datetime) -> None:
    count = session.get(SignInCount, digest) or SignInCount(digest=digest, n=0)
    session.add(count)
    count.n, count.last_at = count.n + 1, moment
    if count.n > n_free:
        pause_s = FIRST_PAUSE_S * 2.0 ** min(count.n - n_free - 1, 20)
        count.until = moment + timedelta(seconds=min(pause_s, LONGEST_PAUSE_S))


def _keep_newest(session: Session) -> None:
    session.flush()
    too_many = (session.scalar(select(func.count()).select_from(SignInCount)) or 0) - MAX_ROWS
    if too_many > 0:
        oldest = select(SignInCount.digest).order_by(SignInCount.last_at).limit(too_many)
        session.execute(delete(SignInCount).where(SignInCount.digest.in_(oldest)))


def _free_tries(name: str, address: str) -> dict[str, int]:
    """Return the free tries by digest: of the pair, of the name, of the address."""
    name = normal_name(name)
    return {
        _digest(f"pair\0{name}\0{address}"): FREE_BY_PAIR,
        _digest(f"name\0{name}"): FREE_BY_NAME,
        _digest(f"address\0{address}"): FREE_BY_ADDRESS,
    }


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()
