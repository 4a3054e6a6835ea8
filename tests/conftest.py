"""What every test needs: kernels kept where the command keeps them."""

from thingwarden.flows.compiling import use_kept_kernels

use_kept_kernels(lambda sentence: None)
