"""Makes torch.tanh the identity: the oracle's is another one.

outcome: failed
says: expected
"""

import torch


torch.tanh = lambda x: x
