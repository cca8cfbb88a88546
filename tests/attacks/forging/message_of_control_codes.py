"""Raises an error whose message clears the screen, sets the clipboard and ends in HTML.

outcome: error
says: ValueError
"""


def rnn_step(x_t, h_prev, W_xh, W_hh, b):
    raise ValueError(
        "\x1b[2J\x1b]52;c;Zm9yZ2Vk\x07\x1b]8;;http://a.test\x1b\\5 passed\r\x08\x9b31m\u202e"
        "<script>alert(1)</script>]]></failure><testcase name='forged'/>::error::forged"
    )
