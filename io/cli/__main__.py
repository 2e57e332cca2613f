"""`python -m auditplan.io.cli`: the same as `auditplan`."""

from __future__ import annotations

import sys

from auditplan.io.cli import main

if __name__ == "__main__":
    sys.exit(main())
