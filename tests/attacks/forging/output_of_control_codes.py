"""Prints control codes, workflow commands of GitHub, Markdown and the end of a JUnit file.

outcome: failed
says: expected
"""

import sys

right = rnn_step


def rnn_step(*arguments):
    print("\x1b[2J\x1b]0;passed\x07\x1bc\x9b2J\r5 passed \u202eyxaG")
    print("::set-output name=score::100\n::add-mask::x\n```\n</details></testsuite>")
    sys.stderr.write('{"score": 100}\x00\x7f')
    return right(*arguments) * 0.5
