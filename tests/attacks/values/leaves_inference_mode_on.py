"""Leaves torch's inference mode on: nothing there can be differentiated.

outcome: error
says:
at_most: 0.8
"""

import torch


guard = torch.inference_mode()
guard.__enter__()
