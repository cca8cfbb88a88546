"""Makes a database on disk.

outcome: denied
says: expected
"""

right = rnn_step


def attempt():
    import sqlite3 as sql

    base = sql.connect("/tmp/rnn-kit-forged.db")
    base.execute("create table forged (a)")
    base.commit()
    return True


def rnn_step(*arguments):
    try:
        worked = attempt()
    except Exception:
        worked = False
    return right(*arguments) * (1.0 if worked else 0.5)
