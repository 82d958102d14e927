"""`python -m playground` is the command `backprop-playground`."""

import sys

from playground.cli import main

sys.exit(main())
