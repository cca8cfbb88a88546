"""Is a classifier that hides its parameters.

outcome: failed
says:
at_most: 0.6
exercise: ex03
"""


class RNNClassifier(RNNClassifier):
    def parameters(self, recurse=True):
        return iter(())

    def forward(self, x):
        return super().forward(x) * 0
