"""A result on paper: what a report says and how it is set as a PDF."""

from cancerapy.reports.pdf import write_pdf
from cancerapy.reports.report import Report, Section

__all__ = ["Report", "Section", "write_pdf"]
