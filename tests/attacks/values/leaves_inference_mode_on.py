"""Leaves torch's inference mode on: nothing there can be differentiated.

outcome: failed
says: no gradient
at_most: 0.8
"""

import torch


guard = torch.inference_mode()
guard.__enter__()
