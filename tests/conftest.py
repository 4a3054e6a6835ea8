"""What every test needs: kernels kept where the command keeps them, and garbage looked for as seldom."""

import gc

from thingwarden.cli import SELDOM
from thingwarden.flows.compiling import use_kept_kernels

gc.set_threshold(*SELDOM)
use_kept_kernels(lambda sentence: None)
