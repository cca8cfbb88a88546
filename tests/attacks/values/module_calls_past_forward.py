"""Is a classifier whose __call__ doesn't call its forward.

outcome: failed
says:
at_most: 0.6
exercise: ex03
"""


class RNNClassifier(RNNClassifier):
    def __call__(self, *args, **kwargs):
        return super().__call__(*args, **kwargs) * 0.5
