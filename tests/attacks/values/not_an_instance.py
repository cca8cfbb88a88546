"""Is a class whose instances are numbers.

outcome: failed
says: expected a torch.nn.Module
exercise: ex03
"""


class RNNClassifier:
    def __new__(cls, *args, **kwargs):
        return 5
