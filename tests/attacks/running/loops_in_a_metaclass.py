"""Is a class whose making is never done.

outcome: timeout
says: still running
exercise: ex03
"""


class Meta(type):
    def __call__(cls, *args, **kwargs):
        while True:
            pass


class RNNClassifier(metaclass=Meta):
    pass
