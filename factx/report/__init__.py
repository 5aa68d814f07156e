"""A report: one page on many articles, to search, to filter and to look at. `write_report` makes it.

`data` brings the facts into the shape that the page's script reads, `differences` finds figures that contradict one
another across articles, and `page` writes the file. Styles and scripts are in `factx/write/templates`.
"""

from factx.report.page import write_report

__all__ = ["write_report"]
