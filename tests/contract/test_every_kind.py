"""What every declared kind promises, held unasked: a new module is under these tests by being registered."""

from __future__ import annotations

import itertools
import json
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from cast import NOW, clerk, moment
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.datastructures import MultiValueDict
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from qianshao.core.accounts.actor import machine
from qianshao.core.duties import calendars, registry, rulebook
from qianshao.core.duties.door import Delivery, Receipt, Refused, perform, perform_many, stream_of
from qianshao.core.duties.models import Duty
from qianshao.core.duties.rebuild import rebuild
from qianshao.core.duties.standing import counted, standings
from qianshao.core.duties.stream import load
from qianshao.core.org.models import Unit
from qianshao.kernel.declare import Act, Fact, Field, Kind, Voided, fields_of, from_payload, to_payload
from qianshao.kernel.figures import Scope
from qianshao.kernel.ledger.entry import encode
from qianshao.kit import telling
from qianshao.kit.forms.facts import ActForm
from qianshao.kit.queries import figures, lists

KINDS = list(registry.kinds().values())
ACTS = [(kind, act) for kind in KINDS for act in kind.acts]
FACTS = sorted(
    {fact for kind in KINDS for fact in kind.fact_types().values()}, key=lambda fact: fact.__name__
)
UNITS = ["office", "housing", "water", "county-1", "town-1"]
ROBOT = machine("contract")
PATIENT = settings(
    deadline=None,
    max_examples=6,  # of some thirty kinds, on two databases
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.filter_too_much,
    ],
)

kind_of = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.key)
act_of = pytest.mark.parametrize(("kind", "act"), ACTS, ids=lambda item: getattr(item, "key", ""))

letters = st.text(alphabet="路灯不亮请尽快派人𠮷ABCxyz0123456789，。：", min_size=1, max_size=20)


def _values(field: Field) -> st.SearchStrategy[Any]:
    made: dict[str, st.SearchStrategy[Any]] = {
        "text": letters.map(lambda text: text[: field.maximum or 1]),
        "long": letters,
        "choice": st.sampled_from([key for key, _title in field.options] or [""]),
        "number": st.integers(0, field.maximum),
        "day": st.dates(date(2024, 1, 1), date(2026, 12, 1)),
        "unit": st.sampled_from(UNITS),
        "units": st.lists(st.sampled_from(UNITS), max_size=2).map(",".join),
        "duty": letters,
        "flag": st.booleans(),
    }
    some = made[field.shape]
    if field.required:
        return some
    return some | st.just({"number": 0, "flag": False, "day": None}.get(field.shape, ""))


def facts(fact: type[Fact]) -> st.SearchStrategy[Fact]:
    """Any fact of a type that its declaration allows, in the last two years."""
    at = st.integers(0, 780 * 86_400).map(lambda seconds: moment("2024-01-01") + timedelta(seconds=seconds))
    return st.builds(fact, at=at, **{field.name: _values(field) for field in fields_of(fact)})


@st.composite
def stories(draw: st.DrawFn, kind: Kind) -> list[Fact]:
    """An opening and some acts after it, in any order the rules may or may not like."""
    opening = draw(st.sampled_from([act.fact for act in kind.acts if act.opens]).flatmap(facts))
    others = [act.fact for act in kind.acts if not act.opens]
    told = [opening]
    for fact in draw(st.lists(st.sampled_from([*others, Voided]), max_size=5)):
        after = timedelta(hours=draw(st.integers(0, 24 * 30)))
        values = {field.name: draw(_near(field, opening.at)) for field in fields_of(fact)}
        told.append(fact(at=min(opening.at + after, NOW), **values))
    return told


def _near(field: Field, at: datetime) -> st.SearchStrategy[Any]:
    if field.shape == "day":
        return st.dates(at.date(), at.date() + timedelta(days=60))
    return st.integers(0, 6) if field.shape == "number" else _values(field)


def _tell(kind: Kind, story: list[Fact]) -> tuple[Duty, list[Receipt | Refused]]:
    receipt = perform(kind=kind, fact=story[0], actor=ROBOT, now=NOW, src="test")
    duty = Duty.objects.get(stream=receipt.stream)
    outcomes: list[Receipt | Refused] = [receipt]
    for fact in story[1:]:
        (outcome,) = perform_many(
            [Delivery(kind=kind, fact=fact, stream=duty.stream)], actor=ROBOT, now=NOW, src="test"
        )
        assert isinstance(outcome, Receipt | Refused)
        outcomes.append(outcome)
    duty.refresh_from_db()
    return duty, outcomes


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.__name__)
@given(data=st.data())
@settings(max_examples=50, deadline=None)
def test_every_fact_survives_the_ledger(fact: type[Fact], data: st.DataObject) -> None:
    told = data.draw(facts(fact))

    open_data, sealed = to_payload(told)
    back = from_payload(fact, told.at, json.loads(encode(open_data)), json.loads(json.dumps(sealed)))

    assert back == told
    assert set(sealed) <= {field.name for field in fields_of(fact) if field.sealed}


@pytest.mark.django_db
@kind_of
@given(data=st.data())
@PATIENT
def test_replaying_the_ledger_gives_the_projection(
    city: dict[str, Unit], kind: Kind, data: st.DataObject
) -> None:
    _tell(kind, data.draw(stories(kind)))

    assert rebuild(write=False).none


@pytest.mark.django_db
@kind_of
@given(data=st.data())
@PATIENT
def test_a_story_told_in_one_batch_gives_it_too(
    city: dict[str, Unit], kind: Kind, data: st.DataObject
) -> None:
    story = data.draw(stories(kind))
    source = data.draw(st.uuids()).hex
    stream = stream_of(kind, source)

    perform_many(
        [
            Delivery(kind=kind, fact=fact, stream=stream, source=source if n == 0 else "")
            for n, fact in enumerate(story)
        ],
        actor=ROBOT,
        now=NOW,
        src="test",
    )

    assert Duty.objects.filter(stream=stream).exists()
    assert rebuild(write=False).none


@pytest.mark.django_db
@kind_of
@given(data=st.data())
@PATIENT
def test_every_refusal_is_a_sentence_in_both_languages(
    city: dict[str, Unit], kind: Kind, data: st.DataObject
) -> None:
    _duty, outcomes = _tell(kind, data.draw(stories(kind)))
    refusals = [outcome for outcome in outcomes if isinstance(outcome, Refused)]
    assume(refusals)

    for refusal in refusals:
        for language in ("zh-hans", "en"):
            with translation.override(language):
                said = telling.sentence(refusal.words)
            assert len(said) >= 4 and "{" not in said


@pytest.mark.django_db
@kind_of
@given(data=st.data())
@PATIENT
def test_a_duty_that_stands_has_another_clock_that_runs(
    city: dict[str, Unit], kind: Kind, data: st.DataObject
) -> None:
    duty, _outcomes = _tell(kind, data.draw(stories(kind)))
    (stream,) = load([duty.stream], lock=False)

    for standing in standings(
        kind, counted(stream.facts), calendars.current(), rulebook.book().pinned(stream.rule, kind.rules)
    ):
        phase = kind.phase(standing.look.phase)
        if not phase.paused:
            continue
        ran_out = standing.deadline.until is not None and standing.deadline.until <= standing.since
        assert standing.deadline.waiting is not None or ran_out  # late stays late: nothing is left to stand
        assert phase.second
        if standing.deadline.waiting is not None:
            assert telling.sentence(standing.deadline.waiting.name)


@pytest.mark.django_db
@kind_of
@given(data=st.data())
@PATIENT
def test_every_date_tells_its_story_without_a_gap(
    city: dict[str, Unit], kind: Kind, data: st.DataObject
) -> None:
    duty, _outcomes = _tell(kind, data.draw(stories(kind)))
    (stream,) = load([duty.stream], lock=False)
    state = counted(stream.facts)
    standing = standings(kind, state, calendars.current(), rulebook.book().pinned(stream.rule, kind.rules))[
        -1
    ]

    segments = standing.deadline.segments
    assert segments or standing.deadline.until is None
    for one, following in itertools.pairwise(segments):
        assert one.until == following.since
    for segment in segments:
        assert telling.sentence(segment.why)
    if standing.deadline.until is not None:
        assert segments[-1].until == standing.deadline.until == duty.due_at


@pytest.mark.django_db
@kind_of
@pytest.mark.parametrize("as_of", ["", "2025-06-30", "2026-02-27"])
@pytest.mark.parametrize("unit", ["", "county-1"])
@given(data=st.data())
@settings(PATIENT, max_examples=2)
def test_every_figure_is_the_length_of_its_list(
    city: dict[str, Unit], kind: Kind, unit: str, as_of: str, data: st.DataObject
) -> None:
    for story in data.draw(st.lists(stories(kind), max_size=4)):
        _tell(kind, story)
    readers = [clerk(kind.reads), clerk(kind.reads, path="/county-1/")]

    for indicator in kind.indicators:
        scope = Scope(unit=unit, as_of=as_of)
        parts = [indicator.counts, *([indicator.base] if indicator.base else [])]
        for part in [*parts, *(left for _words, left in indicator.left_out)]:
            for reader in readers:
                selection = part(scope)
                listed = sum(len(page) for page in lists.everything(selection, reader, NOW, sort=lists.USUAL))
                assert figures.count(selection, reader, NOW) == listed
                assert sum(figures.by_unit(selection, reader, NOW).values()) == listed
                assert sum(figures.by_month(selection, reader, NOW).values()) == listed


@pytest.mark.django_db
@act_of
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_act_has_a_form_that_shows(city: dict[str, Unit], kind: Kind, act: Act, language: str) -> None:
    with translation.override(language):
        page = render_to_string("kit/duties/fields.html", {"form": ActForm(act=act, now=NOW, expected=1)})

    for field in fields_of(act.fact):
        assert f'name="{field.name}"' in page
    assert 'name="at"' in page and 'name="_token"' in page


@pytest.mark.django_db
@act_of
@given(data=st.data())
@PATIENT
def test_every_act_form_reads_back_the_fact_somebody_meant(
    city: dict[str, Unit], kind: Kind, act: Act, data: st.DataObject
) -> None:
    meant = data.draw(facts(act.fact))
    sent = QueryDict(mutable=True)
    sent["_token"] = "6f2f3c1e-3c48-4a44-9c39-9a8a46f1a2b3"
    sent["at"] = f"{meant.at:%Y-%m-%dT%H:%M:%S}"
    for field in fields_of(act.fact):
        value = getattr(meant, field.name)
        if value is not None and value is not False:
            sent[field.name] = str(value)

    proof = MultiValueDict({"_evidence": [SimpleUploadedFile("现场.txt", "到场核查".encode())]})
    form = ActForm(sent, proof, act=act, now=NOW, many=act.evidence != "must")

    assert form.is_valid(), form.errors
    assert form.fact() == meant


@kind_of
def test_what_a_kind_declares_can_be_read(kind: Kind) -> None:
    assert kind.title and kind.law
    for act in kind.acts:
        assert act.title
        for field in fields_of(act.fact):
            assert field.label
    for phase in kind.phases:
        assert not phase.paused or phase.second
    keys = [indicator.key for indicator in kind.indicators]
    assert len(set(keys)) == len(keys)
    assert all(key.startswith(kind.key.partition(".")[0] + ".") for key in keys)
