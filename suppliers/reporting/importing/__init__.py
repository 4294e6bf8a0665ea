"""Large files of enterprises, sites and site-years: staged in chunks, checked as a whole, written at once."""

from suppliers.reporting.importing.run import KINDS, import_file

__all__ = ["KINDS", "import_file"]
