"""Hands in twenty chains of nine hundred attributes each.

outcome: error
says: AttributeError
"""

NAME = "ex01_recurrence.py"


def build(folder, solution):
    chain = "    torch" + ".a" * 900 + "\n"
    text = "import torch\n\n\ndef rnn_step(x_t, h_prev, W_xh, W_hh, b):\n" + 20 * chain
    (folder / NAME).write_text(text)
