"""One exercise of one submission while its tests run: its worker, and what its calls may cost.

The worker is started at the first call and replaced when it was lost. Whatever comes back that is
no value is raised as an outcome, which ends the test with a status and words.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from grading import wire
from grading.catalog import Exercise
from grading.handed_in.intake import Submission
from grading.session import outcomes, replies
from grading.session.budget import Budget
from grading.session.by_hand import Forbidden
from grading.session.process import DeadlineError, LostError, Printed
from grading.session.transport import Transport

FORGET = wire.Service("forget")
"""A new example begins: the worker drops all objects and graphs."""


@dataclass
class Session:
    """One exercise of one submission: its worker, and the time that each part has used.

    `test` and `part` are whose calls count now. `broken` is why there will be no worker. Of the
    last call, `sent` are the arguments, and `answered` whether anything came back; `steps` are the
    calls of this example, for the lines that a student can paste.
    """

    stem: str
    source: str
    forbidden: Forbidden
    connect: Callable[[], Transport]
    seed: int
    measures: tuple[str, ...] = ()
    budget: Budget = field(default_factory=Budget)
    test: str = ""
    part: str = ""
    broken: outcomes.EndsTest | None = None
    sent: tuple[wire.Value, ...] = ()
    answered: bool = False
    steps: list[Any] = field(default_factory=list)
    _transport: Transport | None = None
    _number: int = 0
    _loaded: int = 0
    _calls: int = 0
    _printed: Printed = field(default_factory=Printed)
    _first: list[wire.Service] = field(default_factory=list)

    @classmethod
    def of(
        cls,
        exercise: Exercise,
        submission: Submission,
        connect: Callable[[], Transport],
        seed: int,
        time_factor: float = 1.0,
    ) -> Session:
        """A submission's session for an exercise; where it isn't there, every call says so."""
        session = cls(
            stem=exercise.stem,
            source=submission.sources.get(exercise.stem, ""),
            forbidden=Forbidden.by(exercise),
            connect=connect,
            seed=seed,
            budget=Budget.of(time_factor),
        )
        if not submission.has(exercise):
            session.broken = outcomes.Missing(submission.problem(exercise))
        return session

    def begin(self, test: str, part: str) -> None:
        """A new test begins, and its first example."""
        self.test, self.part = test, part
        self._printed.text, self._loaded, self.answered = "", 0, False
        self.begin_example()

    def begin_example(self) -> None:
        """A new example draws the same random numbers; the objects of the one before are gone."""
        self._calls = 0
        self.steps = []
        self._first = [FORGET]

    def finish(self) -> None:
        """The test is over: what waits for a further request is done now.

        Raises the outcome of that, or Violation where the last request got a second reply.
        """
        if self._transport is not None:
            if self._first not in ([], [FORGET]):
                self.do(FORGET)
            try:
                self._transport.check_quiet()
            except wire.ViolationError as error:
                raise self.violated(error) from None

    def take_output(self) -> str:
        """What the student's code printed during this test."""
        self._keep_output()
        return self._printed.text

    def forget_output(self) -> None:
        """Of what was printed during this test, keep what came of loading the file alone."""
        self._keep_output()
        self._printed.cut(self._loaded)

    def _keep_output(self) -> None:
        if self._transport is not None:
            self._printed.add(self._transport.take_output())

    def close(self) -> None:
        """End the worker."""
        if self._transport is not None:
            self._transport.drop()
            self._transport = None

    def call(
        self, target: str | int, args: tuple[wire.Value, ...], kwargs: tuple[wire.Named, ...]
    ) -> wire.Returned:
        """Call a function of the submission, or an object that lives in the worker."""
        self._load()  # in the worker, within its deadline: only then is the source read here
        self.forbidden.check(self.part, self.source)
        self._calls += 1
        self.sent = args
        reply = self._carry(
            wire.Call(
                number=self.next_number(),
                seed=_derived_seed(self.seed, self.test, self._calls),
                target=target,
                args=args,
                kwargs=kwargs,
                watched=self.forbidden.of(self.part),
                first=self._take_first(),
            )
        )
        if not isinstance(reply, wire.Returned):
            raise self._outcome(reply, str(target))
        self._refuse_tools(reply)
        self.answered = True
        return reply

    def do(self, service: wire.Service) -> wire.Returned:
        """Use one of the worker's own services."""
        self._load()
        reply = self._carry(wire.Do(self.next_number(), service, self._take_first()))
        if not isinstance(reply, wire.Returned):
            raise self._outcome(reply, service.name)
        self._refuse_tools(reply)
        self.answered = True
        return reply

    def do_first(self, service: wire.Service) -> None:
        """Use a service that gives nothing back: it goes with the next request."""
        self._first.append(service)

    def next_number(self) -> int:
        """The number of the next request, or of an object that the worker is to make."""
        self._number += 1
        return self._number

    def _take_first(self) -> tuple[wire.Service, ...]:
        first, self._first = self._first, []
        return tuple(first)

    def violated(self, error: wire.ViolationError) -> outcomes.Violation:
        """The worker sent what no honest one sends: it is lost, and this says so."""
        self._lose()
        broken = "the worker broke the protocol"
        return outcomes.Violation(broken, f"{broken}: it {error}")

    def _outcome(self, reply: wire.Reply, asked: str) -> outcomes.Outcome:
        return replies.outcome(reply, asked, self.part, self.stem, self.source)

    def _load(self) -> None:
        """See that there is a worker that has loaded the submission."""
        if self.broken is not None:
            raise self.broken.again()
        if self._transport is None:
            self.budget.left(self.part)  # a part without any is no file that can't be loaded
            self._start()

    def _carry(self, request: wire.Request) -> wire.Reply:
        """Carry one request; whatever goes wrong on the way costs the worker and ends the test."""
        loading = isinstance(request, wire.Load)
        what = f"loading {self.stem}.py" if loading else self.part
        seconds = self.budget.call if loading else self.budget.left(self.part)
        transport = self._transport
        assert transport is not None
        before = transport.spent_seconds()
        try:
            reply = transport.ask(request, seconds)
        except wire.ViolationError as error:
            raise self.violated(error) from None
        except DeadlineError as late:
            self._lose()
            raise self.budget.timeout(what, seconds, late) from None
        except LostError:
            raise outcomes.Crashed(f"{what}: {self._lose()}") from None
        except BaseException:  # cut off from outside: the reply would be taken for the next one
            self._lose()
            raise
        finally:
            self.budget.spend(self.part, transport.spent_seconds() - before)
        return reply

    def _start(self) -> None:
        """Start a worker and load the submission there; what it can't load stays broken."""
        self._transport = self.connect()
        self.measures = self._transport.measures
        watched = self.forbidden.everywhere()
        load = wire.Load(self.next_number(), self.source, f"{self.stem}.py", watched)
        try:
            reply = self._carry(load)
        except outcomes.EndsTest as outcome:
            self.broken = outcome
            raise
        self._keep_output()
        self._loaded = len(self._printed.text)
        if isinstance(reply, wire.Raised):
            self.broken = replies.broken_file(reply, self.stem, self.source)
            raise self.broken.again()

    def _lose(self) -> str:
        """Give up the worker: how it had died, in words."""
        if self._transport is None:
            return ""
        self._keep_output()
        lost, self._transport = self._transport, None
        return lost.end()

    def _refuse_tools(self, reply: wire.Returned) -> None:
        """Raises NotByHand where calling the part used a tool that it is to do without."""
        if not reply.used:
            return
        name = reply.used[0]
        if name not in self.forbidden.of(self.part):
            raise self.violated(wire.ViolationError("told of a tool that nobody watches"))
        raise self.forbidden.used(self.part, f"calling it used {name}")


def _derived_seed(seed: int, test: str, call: int) -> int:
    text = f"{seed}/{test}/{call}".encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=4).digest())
