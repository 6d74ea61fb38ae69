"""A result on paper: what a report says; ``reports.pdf`` sets it, and needs fpdf2 and HarfBuzz."""

from cancerapy.reports.report import Report, Section

__all__ = ["Report", "Section"]
