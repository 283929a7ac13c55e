"""Every function of the class exercise, with valid arguments and the kind of each."""

from typing import Final

from sim.exercise.deck import Card
from sim.exercise.service import Classroom
from sim.exercise.settings import ExerciseSettings, load_settings, read_settings
from tests.unit.odd_arguments import Stage
from tests.unit.odd_values import Call

SETTINGS: Final = {
    "title": "text", "base": "word", "start": "date", "rounds": "whole", "weeks": "whole", "groups": "whole",
    "seats": "list", "world": "whole", "seed": "whole", "worlds": "whole", "minutes": "number?", "questions": "whole",
    "quiz": "list", "press": "word", "observers": "flag",
    "time_zone": "word", "levers": "word",
}  # fmt: skip


def class_calls(stage: Stage) -> dict[str, Call]:
    """The exercise."""
    room, lesson = stage.lesson.room, stage.lesson
    secret, token = {"secret": lesson.secret}, {"token": lesson.tokens[1, "ghani"]}
    deal = {**token, "to": "taliban", "give": {"kabul.ghani.offer": 100.0}, "take": {}}
    deal_kinds = {"token": "word", "to": "word", "give": "table", "take": "table", "rounds": "whole", "note": "text"}
    teacher = ("reveal", "close", "play", "freeze", "thaw", "delete", "export", "review", "teacher", "fork", "rewind")
    card = {"name": "", "title": "News", "text": "Text.", "days": 7, "levers": {}}
    calls = {}
    for name in teacher:
        more = {"fork": {"at": 1}, "rewind": {"to": 1}}.get(name, {})
        kinds = {"secret": "word", **dict.fromkeys(more, "whole")}
        calls[f"Classroom.{name}"] = Call(getattr(room, name), {**secret, **more}, kinds, dict.fromkeys(more, "round"))
    calls |= {
        "load_settings": Call(load_settings, {}, {"path": "path"}),
        "read_settings": Call(read_settings, {}, {"tables": "table"}, {"tables": "settings"}),
        "ExerciseSettings": Call(ExerciseSettings, {}, SETTINGS),
        "Card": Call(
            Card,
            card,
            {
                "title": "text",
                "text": "text",
                "days": "whole",
                "levers": "table",
                "mechanism": "text",
                "rests_on": "text",
            },
        ),
        "Classroom": Call(
            type(room),
            {"path": stage.place / "c.sqlite"},
            {"path": "path", "clock": "function", "guard": "object?"},
        ),
        "Classroom.create": Call(room.create, {}, {"settings": "object"}),
        "Classroom.join": Call(room.join, {"code": "x"}, {"code": "word", "client": "text"}),
        "Classroom.hand_on": Call(room.hand_on, token, {"token": "word"}),
        "Classroom.rejoin": Call(room.rejoin, token, {"token": "word", "client": "text"}),
        "Classroom.discard": Call(room.discard, {}, {"exercise": "word"}),
        "Classroom.remove": Call(
            room.remove, {**secret, "student": 1}, {"secret": "word", "student": "whole", "renew": "flag"}
        ),
        "Classroom.secret": Call(room.secret, {}, {"exercise": "word"}),
        "Classroom.version": Call(room.version, {"exercise": "x"}, {"exercise": "text", "group": "whole?"}),
        "Classroom.seat": Call(room.seat, token, {"token": "word", "client": "text"}),
        "Classroom.look": Call(room.look, token, {"token": "word", "client": "text"}),
        "Classroom.here": Call(room.here, token, {"token": "word"}),
        "Classroom.headline": Call(
            room.headline,
            {"token": lesson.tokens[1, "press"], "text": "News"},
            {"token": "word", "text": "text"},
            {"text": "headline"},
        ),
        "Classroom.statement": Call(
            room.statement, {**token, "text": "Peace."}, {"token": "word", "text": "text"}, {"text": "statement"}
        ),
        "Classroom.order": Call(
            room.order,
            {**token, "lever": "kabul.ghani.offer", "value": 100.0},
            {"token": "word", "lever": "word", "value": "number", "scope": "word"},
            {"value": "kabul.ghani.offer"},
        ),
        "Classroom.probable": Call(
            room.probable,
            {**token, "lever": "kabul.ghani.offer", "value": 100.0},
            {"token": "word", "lever": "word", "value": "number", "scope": "word"},
            {"value": "kabul.ghani.offer"},
        ),
        "Classroom.fill": Call(room.fill, secret, {"secret": "word", "on": "flag"}),
        "Classroom.withdraw_order": Call(
            room.withdraw_order, {**token, "lever": "x"}, {"token": "word", "lever": "word"}
        ),
        "Classroom.propose": Call(room.propose, deal, deal_kinds),
        "Classroom.counter": Call(
            room.counter, {**token, "proposal": 1, "give": {}, "take": {}}, {"token": "word", "proposal": "whole"}
        ),
        "Classroom.answer": Call(
            room.answer, {**token, "proposal": 1, "answer": "accept"}, {"token": "word", "proposal": "whole"}
        ),
        "Classroom.withdraw_proposal": Call(
            room.withdraw_proposal, {**token, "proposal": 1}, {"token": "word", "proposal": "whole"}
        ),
        "Classroom.predict": Call(
            room.predict,
            {**token, "question": lesson.seat(1, "ghani").questions[0].question, "probability": 0.5},
            {"token": "word", "question": "word", "probability": "number", "reason": "text"},
        ),
        "Classroom.reflect": Call(
            room.reflect, {**token, "question": "mattered", "answer": "Why."}, {"token": "word", "question": "word"}
        ),
        "Classroom.answer_quiz": Call(
            room.answer_quiz, {**token, "answers": {"pledge": 1}}, {"token": "word", "answers": "table"}
        ),
        "Classroom.students": Call(room.students, secret, {"secret": "word"}),
        "Classroom.pace": Call(room.pace, {**secret, "minutes": 5}, {"secret": "word", "minutes": "number?"}),
        "Classroom.until": Call(
            room.until, {**secret, "until": "2023-11-16 18:00"}, {"secret": "word", "until": "word?", "plays": "flag"}
        ),
        "Classroom.inject": Call(
            room.inject, {**secret, "card": "leaked-list"}, {"secret": "word", "card": "word", "groups": "list"}
        ),
        "Classroom.idle": Call(
            room.idle, {**secret, "card": "leaked-list"}, {"secret": "word", "card": "word", "groups": "list"}
        ),
        "Classroom.recall": Call(room.recall, {**secret, "inject": 1}, {"secret": "word", "inject": "whole"}),
        "Classroom.open_round": Call(room.open_round, secret, {"secret": "word", "questions": "list"}),
    }
    return {_listed(name): call for name, call in calls.items()}


def _listed(name: str) -> str:
    """The name on the page of the API: a method's with the class that has it, which may be a base of Classroom."""
    method = name.partition(".")[2]
    return str(getattr(Classroom, method).__qualname__) if method else name
