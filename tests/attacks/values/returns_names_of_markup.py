"""Returns, in place of a tensor, names that would be tags, links, formulas and commands of a terminal.

outcome: failed
says: expected
"""


def rnn_step(*arguments):
    return {
        "<script>alert(1)</script>": "</td><img src=x onerror=alert(1)>",
        "=HYPERLINK(\"http://127.0.0.1:48611\")": "@SUM(1)",
        "\x1b]8;;http://127.0.0.1:48611\x07": "\x1b[2J\u202e\u2066",
        "{{ 7 * 7 }}{% include 'class.html' %}": "::set-output name=x::1",
    }
