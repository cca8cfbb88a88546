"""Sets all of torch's and Python's global switches that it can find, and is right.

outcome: passed
says:
"""

import sys
import torch
import gc
import random
import warnings
import decimal
import locale
import numpy as np


torch.set_default_dtype(torch.float64)
torch.use_deterministic_algorithms(True)
torch.set_num_threads(2)
torch.set_printoptions(precision=1)
torch.autograd.set_detect_anomaly(True, check_nan=False)
warnings.simplefilter("error")
decimal.getcontext().prec = 1
sys.setswitchinterval(10)
sys.set_int_max_str_digits(640)
gc.disable()
locale.setlocale(locale.LC_ALL, "C")
np.seterr(all="raise")
random.seed(0)
