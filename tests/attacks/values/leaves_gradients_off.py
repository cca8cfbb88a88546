"""Switches gradients off at import, outside of any block.

outcome: passed
says:
"""

import torch


torch.set_grad_enabled(False)
