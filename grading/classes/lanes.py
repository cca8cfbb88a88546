"""The grade server's own side: tests collected once, a lane for each client, a fork a submission.

Each datagram on the server's link brings the descriptor of a further lane. A lane is a fork of the
server that grades one submission after the other, each in a fork of itself, until its client hangs
up.
"""

from __future__ import annotations

import os
import signal
import socket
import traceback
from collections.abc import Iterator
from multiprocessing.connection import Connection
from typing import NoReturn

import msgspec

from grading import catalog as catalogs
from grading import results
from grading.classes.orders import Graded, Ready, Setup
from grading.handed_in.intake import Submission
from grading.judging.grade import Job, Options, collect, fork_for_each
from grading.judging.run import Run
from grading.session import isolation, transport
from grading.session.isolation import IsolationError
from grading.session.starters import ForkServer


def serve(link: socket.socket, setup: Setup, starter: ForkServer) -> None:
    """Collect the tests, say how workers are shut in, open lanes until the client hangs up."""
    catalog = catalogs.load()
    options = Options(
        exercises=catalog.select(list(setup.exercises)),
        seed=int(setup.seed),
        visible_only=setup.visible_only,
        time_factor=setup.time_factor,
    )

    def lanes(run: Run) -> None:
        link.send(msgspec.msgpack.encode(_ready(starter)))  # who was getting warm meanwhile
        _open_lanes(link, run, starter)

    collect(catalog, options, lanes)


def _ready(starter: ForkServer) -> Ready:
    try:
        return Ready(isolation.level_of(transport.measures_of(starter)))
    except IsolationError as error:
        return Ready(fault=str(error))


def _open_lanes(link: socket.socket, run: Run, starter: ForkServer) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # a lane that has ended is nobody's business
    while True:
        message, descriptors, _, _ = socket.recv_fds(link, 16, 1)
        if not message:
            return
        if os.fork() == 0:
            link.close()
            _become_lane(Connection(descriptors[0]), run, starter)
        os.close(descriptors[0])


def _become_lane(lane: Connection, run: Run, starter: ForkServer) -> NoReturn:
    """Grade what comes on this lane, one submission at a time."""
    code = 1
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)

        def done(job: Job, result: results.Result) -> None:
            _tell(lane, Graded(result=results.to_json(result)))

        def failed(job: Job, fault: str) -> None:
            _tell(lane, Graded(fault=fault))

        fork_for_each(run, _jobs(lane, run), starter, done, failed)
        code = 0
    except BaseException:
        traceback.print_exc()  # the client knows only that it has ended
    finally:
        os._exit(code)


def _jobs(lane: Connection, run: Run) -> Iterator[Job]:
    while True:
        try:
            asked = lane.recv_bytes()
        except (EOFError, OSError):
            return
        yield Job(msgspec.msgpack.decode(asked, type=Submission), run.options.exercises)


def _tell(lane: Connection, graded: Graded) -> None:
    lane.send_bytes(msgspec.msgpack.encode(graded))
