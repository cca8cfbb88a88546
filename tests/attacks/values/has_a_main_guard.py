"""Has code of its own to try things out, which nobody runs.

outcome: passed
says:
"""

if __name__ == "__main__":
    raise SystemExit(rnn_step(1, 2, 3, 4, 5))
