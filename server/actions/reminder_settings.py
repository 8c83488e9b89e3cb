"""What the office settles about reminders: sending, channels, texts, working days, and a clock that leapt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from sqlalchemy import func, select

from server.actions.digests import read_people
from server.actions.leases import believe_clock, clock_leap
from server.actions.reminding import LEASE
from server.audit import audit
from server.channels import ChannelError, Letter, read_channels, send
from server.clock import now, today
from server.database import db, write_transaction
from server.ids import new_id
from server.inbox_changes import read_texts
from server.models import Message, MessageText, Mute, Town
from server.problems import Problem
from server.reminder_words import ALLOWED, GAPS, LANGUAGES, TEMPLATES, render, unknown_gaps
from server.workdays import read_year, write_year
from server.working_days import KINDS, SpecialDay, published

MAX_TEXT = 300
SHOWN = 50
TEST_TITLE, TEST_BODY = "领雁测试消息", "这是一条测试消息，收到即表示渠道可用。"
# What fills the gaps of a preview; fictional.
SAMPLE = {
    "mentee": "吴小妹(演示)",
    "mentor": "王帮扶(演示)",
    "date": "2016-09-30",
    "days": 8,
    "form": "脱贫核查表",
    "reason": "缺少照片",
    "count": 3,
    "task": "秋季核查",
    "person": "王帮扶(演示)",
    "business": "溱东家庭农场(演示)",
    "event": "村干部培训班(演示)",
    "time": "2016-10-15T14:00:00+08:00",
    "place": "镇会议室",
}


@dataclass(frozen=True)
class Way:
    """A channel as the settings page shows it: never its address."""

    name: str
    scheme: str
    n_waiting: int
    n_given_up: int
    problem: str  # of the last message, '' when it was taken


def read_town(town_id: str) -> Town:
    return db.session.get_one(Town, town_id)


def read_ways(town_id: str) -> tuple[list[Way], str]:
    """The channels, and what is wrong with their file."""
    try:
        channels = read_channels()
    except ChannelError as error:
        return [], str(error)
    counts: dict[tuple[str, str], int] = {
        (channel, state): n
        for channel, state, n in db.session.execute(
            select(Message.channel, Message.state, func.count())
            .where(Message.town_id == town_id, Message.state.in_(("waiting", "sending", "given_up")))
            .group_by(Message.channel, Message.state)
        )
    }
    return [
        Way(
            name,
            urlsplit(channel.url).scheme,
            counts.get((name, "waiting"), 0) + counts.get((name, "sending"), 0),
            counts.get((name, "given_up"), 0),
            last_problem(town_id, name),
        )
        for name, channel in channels.items()
    ], ""


def last_problem(town_id: str, channel: str) -> str:
    query = select(Message.problem).where(
        Message.town_id == town_id, Message.channel == channel, Message.n_tries > 0
    )
    return db.session.scalar(query.order_by(Message.made_at.desc()).limit(1)) or ""


def given_up(town_id: str) -> list[Message]:
    query = select(Message).where(Message.town_id == town_id, Message.state == "given_up")
    return list(db.session.scalars(query.order_by(Message.made_at.desc()).limit(SHOWN)))


def switch_sending(town_id: str, user_id: str, *, is_on: bool) -> None:
    with write_transaction() as session:
        session.get_one(Town, town_id).is_sending = is_on
        audit(town_id, user_id, "switch_sending", "town", town_id, is_on=is_on)


def send_test(town_id: str, user_id: str, person: str, name: str) -> str:
    """Send a test message to whoever asks. Returns: '' or what was wrong. Raises: Problem channel_unknown."""
    try:
        channel = read_channels().get(name)
    except ChannelError:
        channel = None
    if channel is None:
        raise Problem("channel_unknown")
    entity = read_people(town_id, [person]).get(person)
    data = entity.data if entity else {}
    if not channel.reaches(data):
        return "no_address"
    url = channel.fill(data, entity.label if entity else "", new_id())
    db.session.rollback()
    trouble = send(Letter(url, TEST_TITLE, TEST_BODY, channel.allow))
    with write_transaction():
        audit(town_id, user_id, "test_channel", "channel", name, problem=trouble)
    return trouble


def leap() -> str:
    """`ahead` or `behind` when the server's clock can't be believed, else ''."""
    return clock_leap(LEASE, now())


def confirm_clock(town_id: str, user_id: str) -> None:
    with write_transaction():
        believe_clock(LEASE, now())
        audit(town_id, user_id, "confirm_clock", "town", town_id)


def graces(town_id: str) -> list[Mute]:
    query = select(Mute).where(
        Mute.town_id == town_id,
        Mute.kind == "grace",
        Mute.state == "approved",
        Mute.until_on >= today().isoformat(),
    )
    return list(db.session.scalars(query.order_by(Mute.from_on)))


def text_of(town_id: str, kind: str, language: str) -> str:
    """The office's wording, else our own."""
    own = db.session.get(MessageText, (town_id, kind, language))
    return own.text if own else TEMPLATES[kind][LANGUAGES.index(language)]


def preview(town_id: str, kind: str, language: str) -> str:
    return render(kind, SAMPLE, language, text_of(town_id, kind, language))


def gaps_of(kind: str, language: str) -> list[str]:
    """The gaps that a text of this kind may have, as they are written in its language."""
    return [
        chinese if language == "zh" else english
        for english, chinese in GAPS.items()
        if english in ALLOWED[kind]
    ]


def changed_kinds(town_id: str) -> set[str]:
    return {kind for kind, _ in read_texts(town_id)}


def write_texts(town_id: str, user_id: str, kind: str, texts: dict[str, str]) -> None:
    """Keep texts that differ from our own; an empty one goes back to it. Raises: Problem."""
    if kind not in TEMPLATES:
        raise Problem("not_found")
    for text in texts.values():
        if len(text) > MAX_TEXT:
            raise Problem("request_invalid", field=f"text > {MAX_TEXT}")
        if unknown := unknown_gaps(kind, text):
            raise Problem("message_gap_unknown", gaps=" ".join(unknown))
    with write_transaction() as session:
        for language, text in texts.items():
            own = session.get(MessageText, (town_id, kind, language))
            if own:
                session.delete(own)
                session.flush()
            if text and text != TEMPLATES[kind][LANGUAGES.index(language)]:
                session.add(MessageText(town_id=town_id, kind=kind, language=language, text=text))
        audit(town_id, user_id, "write_text", "message_text", kind)


def days_of(year: int) -> tuple[dict[date, SpecialDay], str]:
    """A year's special days, and where they come from: `office`, `published` or `none`."""
    stored = read_year(year)
    if stored:
        return stored, "published" if stored == dict(published(year)) else "office"
    return dict(published(year)), "published" if published(year) else "none"


def set_day(town_id: str, user_id: str, day: date, kind: str, name: str) -> None:
    """Let a day be something else; kind '' makes it what its weekday says."""
    if kind and kind not in KINDS:
        raise Problem("request_invalid", field="kind")
    days, _ = days_of(day.year)
    days.pop(day, None)
    if kind:
        days[day] = (kind, name)
    keep_year(town_id, user_id, day.year, days)


def import_days(town_id: str, user_id: str, year: int, lines: str) -> None:
    """Replace a year by lines such as `2027-10-01 holiday 国庆节`. Raises: Problem naming the bad line."""
    days: dict[date, SpecialDay] = {}
    for number, line in enumerate(lines.splitlines(), start=1):
        day, _, rest = line.strip().partition(" ")
        kind, _, name = rest.strip().partition(" ")
        if not day:
            continue
        try:
            found = date.fromisoformat(day)
        except ValueError:
            raise Problem("request_invalid", field=f"line {number}") from None
        if found.year != year or kind not in KINDS:
            raise Problem("request_invalid", field=f"line {number}")
        days[found] = (kind, name.strip()[:40])
    keep_year(town_id, user_id, year, days)


def keep_year(town_id: str, user_id: str, year: int, days: dict[date, SpecialDay]) -> None:
    with write_transaction():
        write_year(year, dict(sorted(days.items())))
        audit(town_id, user_id, "write_days", "workday", str(year), n_days=len(days))
