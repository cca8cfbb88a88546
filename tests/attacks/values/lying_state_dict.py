"""Is a classifier whose state_dict gives texts.

outcome: failed
says:
exercise: ex03
"""


class RNNClassifier(RNNClassifier):
    def state_dict(self, *args, **kwargs):
        return {"rnn.weight_ih_l0": "right"}
