"""Several processes at once: two clerks on a duty, one delivery from six workers, two sequencers, batches that cross."""

from __future__ import annotations

import json

import pytest
from scratch import Scratch, scratch
from working import CITY, LOOK, PREPARE

pytestmark = [pytest.mark.fault, pytest.mark.database]

TOGETHER = """
from pathlib import Path
def wait():
    home = Path(os.environ['QIANSHAO_HOME'])
    (home / f'ready-{os.getpid()}').touch()
    while len(list(home.glob('ready-*'))) < COUNT:
        time.sleep(0.002)
"""


def together(place: Scratch, count: int, code: str) -> list[str]:
    """Run the code in so many processes that wait for each other at ``wait()``; what each printed."""
    text = PREPARE + TOGETHER.replace("COUNT", str(count)) + code
    running = [place.start(text) for _process in range(count)]
    told = [process.communicate(timeout=120) for process in running]
    assert [err for _out, err in told if err] == []
    return [out.strip() for out, _err in told]


def sound(place: Scratch) -> dict[str, object]:
    after: dict[str, object] = json.loads(place.run(LOOK))
    assert (after["faults"], after["gapless"], after["projection"]) == ([], True, True)
    return after


def test_the_second_clerk_sees_what_the_first_did() -> None:
    with scratch() as place:
        place.run(CITY + "receive('one')")

        told = together(
            place,
            2,
            """
duty = Duty.objects.get()
wait()
try:
    print('done', dispatch(duty, expected=1).sseq)
except Stale as stale:
    print('stale', [(body.sseq, body.fact) for body in stale.since])
""",
        )

        assert sorted(told) == ["done 2", "stale [(2, 'Dispatched')]"]
        assert len(sound(place)["entries"]) == 2  # type: ignore[arg-type]


def test_the_same_delivery_from_six_workers_is_recorded_once() -> None:
    with scratch() as place:
        place.run(CITY)

        told = together(
            place,
            6,
            """
wait()
print(sum(not receive(f'n/{number}').repeated for number in range(40)))
""",
        )

        assert sum(map(int, told)) == 40
        assert len(sound(place)["entries"]) == 40  # type: ignore[arg-type]


def test_batches_that_cross_are_each_recorded_once() -> None:
    """Two imports of one sheet in opposite order wait for each other's rows; the database undoes one, which tries again."""
    with scratch() as place:
        place.run(CITY)

        told = together(
            place,
            2,
            """
sources = [f'n/{number}' for number in range(300)]
if os.getpid() == min(int(p.name[6:]) for p in (wait(), Path(os.environ['QIANSHAO_HOME']).glob('ready-*'))[1]):
    sources.reverse()
batch = [Delivery(kind=KIND, fact=received(), source=source) for source in sources]
outcomes = perform_many(batch, actor=ROBOT, now=NOW, src='test')
print(sum(not outcome.repeated for outcome in outcomes))
""",
        )

        assert sum(map(int, told)) == 300
        assert len(sound(place)["entries"]) == 300  # type: ignore[arg-type]


def test_two_sequencers_at_once_leave_no_gap_and_no_double() -> None:
    with scratch() as place:
        place.run(CITY)

        together(
            place,
            4,
            """
wait()
first = os.getpid() % 2
for number in range(30):
    receive(f'{os.getpid()}/{number}')
    while store.seal(limit=3):
        pass
""",
        )

        assert len(sound(place)["entries"]) == 120  # type: ignore[arg-type]
