import sys

from src.cli.program import main

sys.exit(main())
